import { join } from 'node:path'
import type { TemplateData } from '../model/step.ts'
import { filesBelow, readText } from '../system/files.ts'
import { packageRoot } from '../versions.ts'
import { fill } from './handlebars.ts'

const ending = '.hbs'
const templates = join(packageRoot, 'templates')

/** A file of the produced tree: its path from the project's root, with `/`, and its text. */
export interface ProducedFile {
  readonly path: string
  readonly text: string
}

/** Renders every file of a folder below `templates/`; files without `.hbs` are copied as they are. */
export function renderFolder(from: string, data: TemplateData): readonly ProducedFile[] {
  const folder = join(templates, from)
  return filesBelow(folder).map((file) => ({
    path: producedPath(file, data),
    text: contentOf(join(folder, file), data),
  }))
}

/**
 * Renders one file below `templates/`. With `#part` behind its path it is the part of that name,
 * which begins below a line `<!-- part -->` and ends above the next one.
 */
export function renderText(path: string, data: TemplateData): string {
  const [file = '', part] = path.split('#')
  const text = contentOf(join(templates, file), data)
  if (part === undefined) return text
  const found = text.split(/^<!-- ([\w-]+) -->\n/m)
  const at = found.indexOf(part)
  if (at === -1) throw new Error(`templates/${file} has no part ${part}`)
  return (found[at + 1] ?? '').trim()
}

function contentOf(file: string, data: TemplateData): string {
  return file.endsWith(ending) ? fill(readText(file), data) : readText(file)
}

function producedPath(file: string, data: TemplateData): string {
  const path = file.endsWith(ending) ? file.slice(0, -ending.length) : file
  // npm leaves .gitignore and .npmrc out of packages, so a leading dot is stored as an underscore.
  const dotted = path.replace(/(^|\/)_/g, '$1.')
  return dotted.replace(/\{\{([\w.]+)\}\}/g, (_, name: string) => {
    const value = name.split('.').reduce<unknown>((inside, key) => Object(inside)[key], data)
    if (typeof value !== 'string') throw new Error(`templates/${file} has a name without ${name}`)
    return value
  })
}
