import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeBelow, linesOf } from './support/figures.ts'

const src = resolve(import.meta.dirname, '../src')
const texts = codeBelow(src)

function filesWhere(isWrong: (text: string, file: string) => boolean): readonly string[] {
  return [...texts]
    .filter(([file, text]) => isWrong(text, file))
    .map(([file]) => relative(src, file))
}

/** A text without its comments. */
function bare(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}

/** Files of `src` that a file imports, also for types alone. */
function targets(file: string): readonly string[] {
  const text = texts.get(file) ?? ''
  return [...text.matchAll(/^(?:import|export)\s+[^'"]*?from\s+'(\.[^']+)'/gm)].map(([, to]) =>
    resolve(dirname(file), to ?? ''),
  )
}

function isInCycle(start: string): boolean {
  const seen = new Set<string>()
  const waiting = [...targets(start)]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (file === start) return true
    if (!seen.has(file)) waiting.push(...targets(file))
    seen.add(file)
  }
  return false
}

describe('the house figures', () => {
  it('has no file over 400 lines', () => {
    expect(texts.size).toBeGreaterThan(50)
    expect(filesWhere((text) => linesOf(text) > 400)).toEqual([])
  })

  it('nests no condition in a condition of a template', () => {
    const folder = resolve(import.meta.dirname, '../templates')
    const rendered = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.hbs'),
    )
    expect(rendered.length).toBeGreaterThan(30)
    const nested = rendered.filter((name) => {
      const marks = readFileSync(join(folder, name), 'utf8').match(/\{\{(#|\/)if/g) ?? []
      return marks.some((mark, i) => mark === '{{#if' && marks[i - 1] === '{{#if')
    })
    expect(nested).toEqual([])
  })

  it('has no import cycle', () => {
    expect(filesWhere((_text, file) => isInCycle(file))).toEqual([])
  })

  it('leaves nothing unfinished', () => {
    expect(filesWhere((text) => /\b(TODO|FIXME|HACK)\b/.test(text))).toEqual([])
  })

  it('hides nothing from the compiler', () => {
    expect(filesWhere((text) => /@ts-(ignore|expect-error|nocheck)/.test(text))).toEqual([])
    const any = /(:\s*any\b|\bas any\b|<any>|\bany\[\])/
    expect(filesWhere((text) => any.test(bare(text)))).toEqual([])
  })

  it('never ends the process itself', () => {
    expect(filesWhere((text) => /\bprocess\.exit\(/.test(bare(text)))).toEqual([])
  })

  it('has no grab bags', () => {
    const bag = /(^|[\\/])(utils?|helpers?|common|misc|shared)(\.[cm]?[jt]s$|[\\/])/
    expect(filesWhere((_text, file) => bag.test(relative(src, file)))).toEqual([])
  })
})
