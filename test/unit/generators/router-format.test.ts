import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Generated, Surroundings } from '../../../src/generators/generator.ts'
import { middleware } from '../../../src/generators/middleware.ts'
import { pluginNames } from '../../../src/generators/plugin/names.ts'
import { parsePrefix } from '../../../src/generators/router/prefix.ts'
import { parseTag } from '../../../src/generators/router/tag.ts'
import { router } from '../../../src/generators/router.ts'
import { renderFolder } from '../../../src/render/templates.ts'
import { inForeign, inService } from './surroundings.ts'

const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome')
const settings = JSON.stringify({
  formatter: { indentStyle: 'space', indentWidth: 2, lineWidth: 100 },
  javascript: {
    formatter: { quoteStyle: 'single', semicolons: 'asNeeded', trailingCommas: 'all' },
  },
  linter: { rules: { preset: 'recommended', suspicious: { noExplicitAny: 'error' } } },
})

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plugins-'))
  writeFileSync(join(folder, 'biome.json'), `${settings}\n`)
})

afterEach(() => rmSync(folder, { recursive: true }))

const projects: { readonly [name: string]: Surroundings } = {
  service: inService(),
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
  expect(check()).toBe('')
}, 60_000)

function write({ folders, data }: Generated, noun: string, below: string): void {
  for (const { path, text } of folders.flatMap((one) =>
    renderFolder(`generators/${noun}/${one}`, data),
  )) {
    const file = join(folder, 'files', below, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

function check(): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [biome, 'check', '--linter-enabled=true', '--error-on-warnings', 'files'],
    { cwd: folder, encoding: 'utf8' },
  )
  return status === 0 ? '' : stdout + stderr
}

function isValid(parse: () => unknown): boolean {
  try {
    parse()
    return true
  } catch {
    return false
  }
}
