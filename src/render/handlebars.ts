import { createRequire } from 'node:module'
import type Handlebars from 'handlebars'
import runtime from 'handlebars/runtime.js'
import type { TemplateData } from '../model/step.ts'
import { sha256 } from '../system/hash.ts'
import { versions } from '../versions.ts'
import options from './template-options.json' with { type: 'json' }

// Its types leave out what it exports.
const { template: ready } = runtime as unknown as typeof Handlebars

const helpers = {
  version(name: string): string {
    const version = versions[name]
    if (version === undefined) throw new Error(`versions.ts has no version of ${name}`)
    return version
  },
  /** A value as JSON writes it: a text that holds quotes stays one text. */
  json: (value: unknown) => JSON.stringify(value),
}

type Specification = Parameters<typeof Handlebars.template>[0]
type Render = (data: TemplateData, options: { helpers: typeof helpers }) => string

/** What the build compiled, by the hashes of the templates; nothing where the sources run. */
function readPrecompiled(): { readonly [hash: string]: Specification } {
  try {
    return createRequire(import.meta.url)('./precompiled.js')
  } catch {
    return {}
  }
}

let precompiled: ReturnType<typeof readPrecompiled> | undefined

/** By their texts: the parts of a feature's pages are all in one template. */
const known = new Map<string, Render>()

/** Renders a template; a name that the data does not have is an error, nothing is escaped. */
export function fill(template: string, data: TemplateData): string {
  const render = known.get(template) ?? compiled(template)
  known.set(template, render)
  return render(data, { helpers })
}

/** The compiler is loaded only for a template that was changed since the build. */
function compiled(template: string): Render {
  precompiled ??= readPrecompiled()
  const specification = precompiled[sha256(template)]
  if (specification !== undefined) return ready(specification)
  const compiler = createRequire(import.meta.url)('handlebars') as typeof Handlebars
  return compiler.compile(template, options)
}
