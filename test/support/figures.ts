import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The TypeScript and JavaScript files below a folder, with their texts by absolute path. */
export function codeBelow(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.[cm]?[jt]s$/.test(path))
    .map((path) => join(folder, path))
  return new Map(paths.map((path) => [path, readFileSync(path, 'utf8')]))
}

export function linesOf(text: string): number {
  return text.replace(/\n$/, '').split('\n').length
}

/** How many lines hold code: blank lines, comments and imports don't count. */
export function codeLinesOf(text: string): number {
  const code = text
    .replace(/^import\b[\s\S]*?from\s+'[^']+'(\s+with\s+\{[^}]*\})?$/gm, '')
    .replace(/^import '[^']+'$/gm, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
  return code.split('\n').filter((line) => line.trim() !== '' && !/^\s*\/\//.test(line)).length
}
