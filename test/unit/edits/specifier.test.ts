import { describe, expect, test } from 'vitest'
import { compareSpecifiers, leadsTo, sameModule } from '../../../src/edits/specifier.ts'

// As `biome check --write` of 2.5.15 leaves a file with these imports.
const organised = [
  'https://x.y/z.ts',
  'bun:sqlite',
  'node:fs',
  'node:path',
  '@fastify/cors',
  'fastify',
  'p_1',
  'p-1',
  'p9',
  'p10',
  'zod',
  '#app/u',
  '@/u',
  '%x/u',
  '$lib/u',
  '~/u',
  '/abs/u',
  '../../../a.ts',
  '../../up.ts',
  '..',
  '../Up.ts',
  '../up.ts',
  '.',
  './a/b.ts',
  './a.b.ts',
  './a.ts',
  './a_b.ts',
  './a-b.ts',
  './a2/x.ts',
  './a10/x.ts',
  './ab.ts',
  './B.ts',
  './b.ts',
  './index.ts',
]

describe('specifiers', () => {
  test('are ordered as Biome orders import sources', () => {
    expect(organised.toReversed().sort(compareSpecifiers)).toEqual(organised)
  })

  test('of one module are one', () => {
    for (const other of ['./u', './u.js', './u.ts', './u/index.js', './x/../u', './u/']) {
      expect(sameModule('./u.ts', other), other).toBe(true)
    }
    expect(sameModule('#app/u.ts', '#app/u.js')).toBe(true)
    expect(sameModule('./index.ts', '.')).toBe(true)
    expect(sameModule('../index.ts', '..')).toBe(true)
  })

  test('lead to a module through any of its aliases', () => {
    const op = { from: './u.ts', aliases: ['#app/u', 'src/u'] }
    for (const other of ['./u/index.js', '#app/u.js', '#app/u/index.ts', 'src/u', 'src/u.js']) {
      expect(leadsTo(other, op), other).toBe(true)
    }
    expect(leadsTo('#app/v', op)).toBe(false)
  })

  test('of different modules are not', () => {
    expect(sameModule('./u.ts', '../u.ts')).toBe(false)
    expect(sameModule('./u.model.ts', './u.ts')).toBe(false)
    expect(sameModule('u.js', 'u')).toBe(false)
    expect(sameModule('./u', 'u')).toBe(false)
    expect(leadsTo('u', { from: './u.ts', aliases: ['#app/u'] })).toBe(false)
    expect(sameModule('./reindex.ts', './re.ts')).toBe(false)
  })
})
