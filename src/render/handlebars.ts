import handlebars from 'handlebars'
import type { TemplateData } from '../model/step.ts'
import { versions } from '../versions.ts'

const engine = handlebars.create()

engine.registerHelper('version', (name: string) => {
  const version = versions[name]
  if (version === undefined) throw new Error(`versions.ts has no version of ${name}`)
  return version
})

/** A value as JSON writes it: a text that holds quotes stays one text. */
engine.registerHelper('json', (value: unknown) => JSON.stringify(value))

/** Renders a template; a name that the data does not have is an error, nothing is escaped. */
export function fill(template: string, data: TemplateData): string {
  return engine.compile(template, { strict: true, noEscape: true })(data)
}
