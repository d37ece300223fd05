import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const src = resolve(import.meta.dirname, '../src')

const texts = new Map(
  readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [join(src, name), readFileSync(join(src, name), 'utf8')]),
)

const lineCounts = [...texts.values()]
  .map((text) => text.trimEnd().split('\n').length)
  .sort((a, b) => a - b)

function filesWith(pattern: RegExp): readonly string[] {
  return [...texts].filter(([, text]) => pattern.test(text)).map(([file]) => file)
}

/** Files of `src` that a file imports for more than types. */
function targets(file: string): readonly string[] {
  const text = texts.get(file) ?? ''
  return [...text.matchAll(/^(?:import|export)\s+(?!type\b)[^'"]*?from\s+'(\.[^']+)'/gm)].map(
    ([, to]) => resolve(dirname(file), to ?? ''),
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
  it('keeps files small', () => {
    expect(lineCounts.length).toBeGreaterThan(50)
    expect(lineCounts.at(-1)).toBeLessThanOrEqual(250)
    expect(lineCounts[lineCounts.length >> 1]).toBeLessThanOrEqual(90)
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
    expect([...texts.keys()].filter(isInCycle)).toEqual([])
  })

  it('leaves nothing unfinished and hides nothing from the compiler', () => {
    expect(filesWith(/\b(TODO|FIXME|HACK)\b/)).toEqual([])
    expect(filesWith(/@ts-(ignore|expect-error|nocheck)/)).toEqual([])
    expect(filesWith(/(:\s*any\b|\bas any\b|<any>|\bany\[\])/)).toEqual([])
    expect(filesWith(/\bprocess\.exit\(/)).toEqual([])
  })

  it('has no grab bags', () => {
    const bag = /^(utils?|helpers?|common|misc|shared)(\.ts)?$/
    const wrong = [...texts.keys()].filter(
      (file) => bag.test(basename(file)) || bag.test(basename(dirname(file))),
    )
    expect(wrong).toEqual([])
  })
})
