import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, expect, it } from 'vitest'
import type { Generated, Surroundings } from '../../../src/generators/generator.ts'
import { middleware } from '../../../src/generators/middleware.ts'
import { pluginNames } from '../../../src/generators/plugin/names.ts'
import { parsePrefix } from '../../../src/generators/router/prefix.ts'
import { parseTag } from '../../../src/generators/router/tag.ts'
import { router } from '../../../src/generators/router.ts'
import type { SchemaStyle } from '../../../src/model/schemas.ts'
import { renderFolder } from '../../../src/render/templates.ts'
import { biomeFolder, complaintsOfBiome } from '../../support/biome.ts'
import { inForeign, inService } from './surroundings.ts'

let folder: string

beforeEach(() => {
  folder = biomeFolder()
})

const zod = { type: 'ZodTypeProvider', from: 'fastify-type-provider-zod' }
const styles: { readonly [name: string]: SchemaStyle } = {
  constant: {
    kind: 'json',
    provider: {
      type: 'JsonSchemaToTsProvider',
      from: '@fastify/type-provider-json-schema-to-ts',
    },
  },
  zod: {
    kind: 'zod',
    from: 'zod',
    clause: '{ z }',
    version: { major: 4, minor: 1 },
    provider: zod,
  },
  typebox: { kind: 'typebox', from: 'typebox', isStrict: false },
  unknown: { kind: 'unknown' },
}

const old: Surroundings = {
  ...inForeign({ fastify: 4 }, 'site'),
  versionOf: () => ({ major: 4, minor: 9 }),
}

const projects: { readonly [name: string]: Surroundings } = {
  service: inService(),
  old,
  ...Object.fromEntries(
    Object.entries(styles).map(([name, style]) => [
      name,
      { ...inForeign({}, 'site'), schemas: () => style },
    ]),
  ),
  typescript: inForeign({}, 'site'),
  esm: inForeign({ language: 'javascript', fileEnding: '.mjs' }, 'site'),
  commonjs: inForeign({ language: 'javascript', module: 'commonjs', fileEnding: '.cjs' }, 'site'),
}

/** Words of one letter and more: the fewer letters each has, the longer is the name in kebab-case. */
const name = fc
  .tuple(
    fc.array(fc.stringMatching(/^[A-Z][a-z]{0,12}$/), { minLength: 1, maxLength: 30 }),
    fc.integer({ min: 1, max: 40 }),
  )
  .map(([words, most]) => words.join('').slice(0, most))
  .filter((word) => isValid(() => pluginNames(word)))

const segment = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9._~@-]{1,30}$/),
  fc.stringMatching(/^:[A-Za-z][A-Za-z0-9_]{0,20}$/),
)
const prefix = fc
  .array(segment, { minLength: 1, maxLength: 5 })
  .map((segments) => `/${segments.join('/')}`.slice(0, 80))
  .filter((path) => isValid(() => parsePrefix(path)))
const tag = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
    fc.string({ minLength: 40, maxLength: 40, unit: fc.constantFrom("'", '"', '\\', '界') }),
  )
  .filter((text) => isValid(() => parseTag(text)))

const option = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined })
const asked = fc.record({ name, prefix: option(prefix), tag: option(tag) })

it('is what Biome would write, for names, prefixes and tags of any length', () => {
  for (const [index, input] of fc.sample(asked, { numRuns: 60 }).entries()) {
    for (const [project, surroundings] of Object.entries(projects)) {
      const below = `${index}/${project}`
      write(router.plan(input, surroundings), 'router', below)
      write(middleware.plan({ name: input.name }, surroundings), 'middleware', `${below}/hooks`)
    }
  }
  expect(complaintsOfBiome(folder, ['files'])).toBe('')
})

function write({ folders, data }: Generated, noun: string, below: string): void {
  for (const { path, text } of folders.flatMap((one) =>
    renderFolder(`generators/${noun}/${one}`, data),
  )) {
    const file = join(folder, 'files', below, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

function isValid(parse: () => unknown): boolean {
  try {
    parse()
    return true
  } catch {
    return false
  }
}
