import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, expect, it } from 'vitest'
import { parts, resourceData } from '../../../src/generators/resource.ts'
import { type Field, parseFields, readFields } from '../../../src/options/fields.ts'
import { namesOf } from '../../../src/options/names.ts'
import { type ProducedFile, renderFolder } from '../../../src/render/templates.ts'
import { biomeFolder, complaintsOfBiome } from '../../support/biome.ts'

let folder: string

beforeEach(() => {
  folder = biomeFolder()
})

function render(name: string, fields: readonly Field[], isPublic: boolean): ProducedFile[] {
  const data = resourceData(namesOf(name), fields, isPublic, '20260102030405')
  return parts.flatMap((part) => renderFolder(`generators/resource/${part}`, data))
}

function write(files: readonly ProducedFile[], below: string): void {
  for (const { path, text } of files) {
    const file = join(folder, path.replace('/', `/${below}/`))
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

const long = 'a'.repeat(60)
const values = Array.from({ length: 14 }, (_, index) => `${'v'.repeat(index * 3)}${index}`)
const types: readonly (readonly [type: string, defaults: readonly string[]])[] = [
  ['string', ['', "it's", `"'"`, '\\', long + long]],
  ['string:1', ['a']],
  ['text', ['two words', long + long]],
  ['int', ['-5']],
  ['bigint', ['-9223372036854775808']],
  ['float', ['1e21', '-0.5']],
  ['decimal:10,2', ['-1.5']],
  ['decimal:3,3', ['0.5']],
  ['decimal:60,40', ['1']],
  ['boolean', ['true']],
  ['date', ['2026-01-31']],
  ['timestamp', ['now', '2026-01-31T09:30:00Z']],
  ['uuid', ['0190a0a0-0000-7000-8000-000000000000']],
  ['json', []],
  ['enum:a,b', ['b']],
  [`enum:${values.slice(0, 7).join(',')}`, ['0']],
  [`enum:${values.join(',')}`, ['0']],
]

const identifier = (most: number) =>
  fc
    .array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 8 })
    .map((words) => words.join('_').slice(0, most).replace(/_$/, ''))

const field = fc
  .record({
    name: fc.oneof(identifier(8), identifier(30), identifier(63)),
    type: fc.constantFrom(...types),
    marks: fc.subarray(['optional', 'unique', 'index', 'array']),
    pick: fc.option(fc.nat()),
  })
  .map(({ name, type: [type, defaults], marks, pick }) => {
    const value = pick === null ? undefined : defaults[pick % (defaults.length || 1)]
    const tail = value === undefined ? '' : `=${marks.includes('array') ? '' : value}`
    return [name, type, ...marks].join(':') + tail
  })
  .filter((word) => readFields([word]).faults.length === 0)

it('is what Biome would write, for names of any length and fields of any kind', () => {
  const name = fc.oneof(identifier(1), identifier(12), identifier(40))
  const fields = fc.uniqueArray(field, {
    maxLength: 20,
    selector: (word) => parseFields([word])[0]?.column,
  })
  const resources = fc.sample(fc.tuple(name, fields, fc.boolean()), { numRuns: 60 })
  for (const [index, [one, words, isPublic]] of resources.entries()) {
    const reserved = readFields(words).faults.length > 0 || isReserved(one)
    if (!reserved) write(render(one, parseFields(words), isPublic), String(index))
  }
  expect(complaintsOfBiome(folder, ['src', 'test'])).toBe('')
})

it('has no source over 120 lines for usual fields, and no tests over 150', () => {
  const words =
    'name:string:120 price:decimal:10,2 status:enum:draft,active=draft sku:string:40:unique ' +
    'tags:string:array releasedAt:timestamp:optional'
  const files = render('Product', parseFields(words.split(' ')), false)
  write(files, '.')
  expect(complaintsOfBiome(folder, ['src', 'test'])).toBe('')
  for (const { path, text } of files) {
    const limit = path.startsWith('test/') ? 150 : 120
    expect([path, text.split('\n').length - 1 <= limit]).toEqual([path, true])
  }
})

function isReserved(name: string): boolean {
  try {
    namesOf(name)
    return false
  } catch {
    return true
  }
}
