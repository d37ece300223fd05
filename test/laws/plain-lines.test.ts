import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyByParsing, revokeByParsing } from '../../src/edits/index.ts'
import { applyPlain, revokePlain } from '../../src/edits/plain-lines-edit.ts'
import type { Op } from '../../src/model/op.ts'
import { runs } from '../support/effort.ts'

const path = 'index.ts'
const name = fc.constantFrom('a', 'b', 'c', 'd9', 'd10', 'Ab', 'zz', 'log', 'all', 'x', 'e$')
const specifier = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('./', '../', './sub/', '../../'),
      name,
      fc.constantFrom('.ts', '.js', ''),
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('./b/index.ts', './sub', 'fastify', '@x/y', './a.routes.ts'),
)
const listOf = <T>(item: fc.Arbitrary<T>) => fc.uniqueArray(item, { minLength: 1, maxLength: 6 })
const header = fc.constantFrom<readonly string[]>(
  [],
  ['// `said` at the top'],
  ['/** `app` is it. */'],
  ['// said', '// @ts-ignore'],
  ['// said', '', '/*', " * two: import a from './a.ts'", ' */'],
)

const imported = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(name, specifier).map(([n, s]) => `import ${n} from '${s}'`) },
  fc.constantFrom(
    "import type { FastifyInstance } from 'fastify'",
    "import { c, k as m } from '../c.ts'",
    "import { type K, all } from 'k'",
  ),
)
const statement = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(name, fc.constantFrom('', ", { prefix: '/a-b' }", ", { prefix: '/:id/c.d' }"))
      .map(([n, options]) => `  await app.register(${n}${options})`),
  },
  fc.constantFrom(
    "  app.log.debug({ prefix: app.prefix }, 'x')",
    "  app.log.info('it // is')",
    '  // said',
    '',
  ),
)
const registry = fc
  .tuple(header, listOf(imported), header, listOf(statement))
  .map(([top, imports, above, statements]) => [
    ...top,
    ...imports,
    '',
    ...above,
    'export async function all(app: FastifyInstance): Promise<void> {',
    ...statements,
    '}',
  ])
const barrel = fc
  .tuple(header, listOf(specifier))
  .map(([top, list]) => [...top, ...list.map((from) => `export * from '${from}'`)])

/** Lines that must not be mistaken for something that they are not. */
const disturbing = fc.constantFrom(
  ...['`', 'const t = `', '`)', '/*', '*/', '/* c */ foo()', '// c', '  // c', '', '  ', 'foo('],
  ...[
    '/// <reference bad />',
    '/// c',
    "'use strict'",
    '#!/usr/bin/env node',
    '\\',
    '// \u2028 foo(',
    ';',
  ],
  ...['const a = 1', 'const zz = 1', 'function other() {', 'async function all(app) {', '{', '}'],
  ...['  if (x) {', '  }', '    await app.register(b)', '  ;[1].map(f)', '  (x)()', '  return'],
  ...["import * as b from './b.ts'", "import './x.ts'", "import d, { e } from './e.ts'"],
  ...["import type T from './t.ts'", "import class from './a.ts'", "import a from './a'"],
  ...["import a from './sub/../a.ts'", "import { a } from './q.ts'", "import a from './q.ts' // q"],
  ...["export { a } from './a.ts'", "export * as b from './b.ts'", "export type * from './a.ts'"],
  ...["export * from './a'", 'export default all', '<<<<<<< HEAD', '=======', '>>>>>>> x'],
  ...[
    '// biome-ignore lint: said',
    '/* @ts-expect-error */',
    '// @generated',
    '/* Do not edit. */',
    '  await app.register(a, { x: 1 })',
    '  await app.register(a, { prefix })',
    "  await app.register(a, { prefix: '/a', x: 1 })",
    "  await app.register(a, {\n    prefix: '/a',\n  })",
    '  await app.register(a, { prefix: "/a" })',
    "  await app.register(a, { prefix: '/it\\'s' })",
    '  x = a',
  ],
  ...['  app.register(b)', '  void app.register(a)', '  await other.register(a)', '  await a'],
  ...['  await app.register(class)', '  await app.register(this)', '  app.use(b => b)'],
  ...["  app.log.info('it\\'s')", "  app.log.info('", '  app.on(zz)', '  const app = b', '  a()'],
  ...["  await app.register(import('./a.ts'))", '  await app.register(a).register(b)'],
  ...["import log from './a.ts';", 'import log from "./a.ts"', '  await app.register(x);'],
)
const disturbance = fc.record({
  at: fc.nat(12),
  what: fc.oneof(
    disturbing.map((line) => () => [line]),
    fc.constantFrom(
      (line: string) => [line, line],
      (line: string) => [line.replaceAll("'", '"')],
      (line: string) => [`${line};`],
      (line: string) => [`${line} `, ''],
      (line: string) => [` ${line}`],
      (line: string) => [line, '', line],
      (line: string) => [line.replace('await ', '')],
      (line: string) => [line.replace(/(import) \w+ /, '$1 own ')],
      (line: string) => [line.replace(/(import) (\w+) /, '$1 { $2 } ')],
      (line: string) => [line.replace(/register\((\w+)/, '$&, { x: $1 }')],
      (line: string) => [line.replace('}', '')],
      () => [],
    ),
  ),
  isAdded: fc.boolean(),
})
type Disturbance = typeof disturbance extends fc.Arbitrary<infer T> ? T : never

function disturbed(lines: readonly string[], { at, what, isAdded }: Disturbance): string[] {
  const i = at % lines.length
  const line = lines[i] ?? ''
  return [...lines.slice(0, i), ...what(line), ...(isAdded ? [line] : []), ...lines.slice(i + 1)]
}

const shape = fc.record({
  isDouble: fc.boolean(),
  isClosed: fc.boolean(),
  isWide: fc.boolean(),
  eol: fc.constantFrom('\n', '\r\n'),
  end: fc.oneof({ weight: 8, arbitrary: fc.constant(true) }, fc.constant(false)),
})
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never

function styled(lines: readonly string[], { isDouble, isClosed, isWide }: Shape): string[] {
  return lines.map((line) => {
    const isCode = /^(?:import|export \*|.*\))/.test(line) && !/^\s*(?:\/|\*)|\{$/.test(line)
    const closed = isClosed && isCode ? `${line};` : line
    const wide = isWide ? closed.replace(/^ {2}/, '\t') : closed
    return isDouble ? wide.replaceAll("'", '"') : wide
  })
}

const op: fc.Arbitrary<Op> = fc.oneof(
  fc
    .tuple(name, specifier)
    .map(([n, from]): Op => ({ op: 'ensureImport', name: n, from, aliases: ['#sub'] })),
  fc
    .tuple(
      name,
      fc.constantFrom<'by-name' | string[]>('by-name', ['b', 'a', 'zz', 'c', 'x']),
      fc.constantFrom('', ", { prefix: '/own' }"),
    )
    .map(([n, order, options]): Op => {
      const call = `await app.register(${n}${options})`
      return { op: 'ensureStatement', within: 'all', name: n, statement: call, order }
    }),
)
const barrelOp = specifier.map((from): Op => ({ op: 'ensureExport', from }))
const often = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Disturbance[]>([]) },
  { weight: 2, arbitrary: fc.array(disturbance, { minLength: 1, maxLength: 2 }) },
)
const situation = fc.tuple(
  fc.oneof(fc.tuple(registry, op), fc.tuple(barrel, barrelOp)),
  shape,
  often,
  often,
)

test('where lines alone tell, the parser says the same', () => {
  const numRuns = runs('plain lines', { quick: 1000, full: 10_000 })
  const counts = { applied: 0, present: 0, revoked: 0, declined: 0, unrevoked: 0 }
  try {
    fc.assert(
      fc.property(situation, ([[lines, asked], style, before, after]) => {
        const written = before.reduce(disturbed, styled(lines, style)).join(style.eol)
        const text = style.end ? written + style.eol : written
        const fast = applyPlain({ path, text }, asked)
        const slow = applyByParsing(path, text, asked)
        if (fast !== undefined) expect(fast).toEqual(slow)
        if (fast === undefined) counts.declined++
        else if (fast.state !== 'refused') counts[fast.state]++
        if (slow.state === 'refused') return
        const chunk = slow.state === 'applied' ? slow.chunk : chunkOf(asked, text)
        const now = slow.state === 'applied' ? slow.text : text
        const later = after.reduce(disturbed, now.split(style.eol)).join(style.eol)
        const back = revokePlain({ path, text: later }, asked, chunk)
        if (back !== undefined) expect(back).toEqual(revokeByParsing(path, later, asked, chunk))
        counts[back === undefined ? 'unrevoked' : 'revoked']++
      }),
      { numRuns },
    )
  } finally {
    console.info(`plain lines: ${JSON.stringify(counts)}`)
  }
  expect(counts.applied + counts.present).toBeGreaterThan(0.3 * numRuns)
  expect(counts.applied).toBeGreaterThan(0.2 * numRuns)
  expect(counts.present).toBeGreaterThan(0.01 * numRuns)
  expect(counts.declined).toBeGreaterThan(0.2 * numRuns)
  expect(counts.revoked).toBeGreaterThan(0.15 * numRuns)
  expect(counts.unrevoked).toBeGreaterThan(0.1 * numRuns)
})

/** The line of the user's that an op found present, as if it had been recorded. */
function chunkOf(asked: Op, text: string): string {
  const words = 'from' in asked ? asked.from : 'name' in asked ? `register(${asked.name})` : ''
  const line = text.split(/\r?\n/).find((one) => one.includes(words))
  return line?.trim() ?? ''
}
