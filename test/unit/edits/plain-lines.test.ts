import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyByParsing, applyOp, revokeByParsing, revokeOp } from '../../../src/edits/index.ts'
import { applyPlain, revokePlain } from '../../../src/edits/plain-lines-edit.ts'
import { comparisonWith } from '../../../src/edits/plain-lines-order.ts'
import { compareSpecifiers } from '../../../src/edits/specifier.ts'
import type { EnsureImport, EnsureStatement, Op } from '../../../src/model/op.ts'

const path = 'src/resources/index.ts'
const registry = `import type { FastifyInstance } from 'fastify'
import apples from './apples/apple.routes.ts'
import pears from './pears/pear.routes.ts'

/** Mounts every resource; \`app\` is the part of the service under \`API_PREFIX\`. */
export async function registerResources(app: FastifyInstance): Promise<void> {
  app.log.debug({ prefix: app.prefix }, 'mounting resources')
  await app.register(apples, { prefix: '/apples' })
  await app.register(pears, { prefix: '/pears' })
}
`
const barrel = `// Every table, one line a model: \`export * from './a.ts'\`.
export * from '../resources/apples/apple.model.ts'
export * from '../resources/pears/pear.model.ts'
`
const imported: EnsureImport = {
  op: 'ensureImport',
  name: 'figs',
  from: './figs/fig.routes.ts',
}
const registered: EnsureStatement = {
  op: 'ensureStatement',
  within: 'registerResources',
  name: 'figs',
  statement: "await app.register(figs, { prefix: '/figs' })",
  order: 'by-name',
}
const exported = (from: string): Op => ({ op: 'ensureExport', from })
const applied = (text: string, op: Op) => {
  const result = applyOp(path, text, op)
  if (result.state !== 'applied') throw new Error(result.state)
  return result
}

test('a registry and a barrel are written and restored without the compiler', () => {
  const require = createRequire(import.meta.url)
  for (const [text, ops] of [
    [registry, [imported, registered]],
    [barrel, [exported('../resources/figs/fig.model.ts')]],
    [barrel, [exported('../resources/a/a.model.ts')]],
  ] as const) {
    const steps: { readonly text: string; readonly chunk: string }[] = []
    for (const op of ops) steps.push(applied(steps.at(-1)?.text ?? text, op))
    for (const op of ops) {
      expect(applyOp(path, steps.at(-1)?.text ?? '', op)).toEqual({ state: 'present' })
    }
    for (const [i, op] of [...ops.entries()].toReversed()) {
      const { text: now = '', chunk = '' } = steps[i] ?? {}
      const before = steps[i - 1]?.text ?? text
      expect(revokeOp(path, now, op, chunk)).toEqual({ state: 'revoked', text: before })
    }
  }
  expect(require.resolve('@ts-morph/common/dist/typescript.js') in require.cache).toBe(false)
})

test('a byte order mark stays', () => {
  const { text, chunk } = applied(`\uFEFF${registry}`, imported)
  expect(text).toBe(`\uFEFF${applied(registry, imported).text}`)
  expect(revokeOp(path, text, imported, chunk)).toMatchObject({ text: `\uFEFF${registry}` })
})

describe('left to the parser', () => {
  const edited = (from: string | RegExp, to: string) => registry.replace(from, to)
  const body = (line: string) => edited('  await app.register(pears', `${line}\n$&`)
  const top = (line: string) => edited('import pears', `${line}\n$&`)

  test.each<[string, string]>([
    ['a last line without an end', registry.trimEnd()],
    ['two kinds of line endings', edited('\n', '\r\n')],
    ['a lone carriage return', edited('apples', 'apples\r')],
    ['two kinds of quotes', edited("'./pears/pear.routes.ts'", '"./pears/pear.routes.ts"')],
    ['a template literal', top('const text = `')],
    ['a comment within a line', top('/* c */ foo()')],
    ['a comment without an end', `${registry}/*\n`],
    ['a directive comment', `/// <reference path="x" />\n${registry}`],
    ['a header of a generated file', `// @generated\n${registry}`],
    ['conflict markers', top('<<<<<<< HEAD')],
    ['a line separator', top('// \u2028 c')],
    ['a directive', `'use strict'\n${registry}`],
    ['other code', top('const a = 1')],
    ['a word that is no name', top("import class from './class.ts'")],
    ['an import of its own form', top("import * as all from './all.ts'")],
    ['a module that is imported under another name', top("import f from './figs/fig.routes.js'")],
    ['a name that is taken by an import', top("import { figs } from './other.ts'")],
    ['a name that is taken by a function', edited('registerResources', 'figs')],
    ['a re-export beside imports', top("export * from './k.ts'")],
    ['two semicolon styles among imports', edited("routes.ts'", "routes.ts';")],
  ])('an import: %s', (_, text) => {
    expect(applyPlain({ path, text }, imported)).toBeUndefined()
  })

  test.each<[string, string]>([
    ['a second function', `${registry}function other() {\n}\n`],
    ['another function', edited('registerResources', 'others')],
    ['a function that is not async', edited('async ', '')],
    ['another parameter', edited('(app: FastifyInstance)', '(server: FastifyInstance)')],
    ['a function without an end', edited('\n}\n', '\n')],
    ['a nested block', body('  if (app) {')],
    ['another indentation', body('    app.log.debug()')],
    ['another semicolon', body('  app.log.debug();')],
    ['another registration with other options', body('  await app.register(kiwis, { x: 1 })')],
    ['a registration on several lines', body("  await app.register(k, {\n    prefix: '/k',\n  })")],
    ['a prefix without imports to tell its quotes', registry.replace(/import .*\n/g, '')],
    ['another registration without await', body('  app.register(kiwis)')],
    ['another call', body('  foo()')],
    ['code that continues on the next line', body("  app.log.info('a',")],
    ['a string that may be escaped', body("  app.log.info('it\\'s')")],
    ['an argument that is a function', body('  app.after(() => 1)')],
    ['a word that is no name', body('  await app.register(class)')],
    ['no registration', registry.replace(/ {2}await.*\n/g, '')],
  ])('a statement: %s', (_, text) => {
    expect(applyPlain({ path, text }, registered)).toBeUndefined()
  })

  test('files in which a line may mean something else', () => {
    for (const other of ['a.tsx', 'a.jsx', 'a.js', 'a.cts', 'a.d.ts', 'a.vue']) {
      expect(applyPlain({ path: other, text: registry }, imported), other).toBeUndefined()
    }
  })

  test.each<[string, Op]>([
    ['a named import', { ...imported, named: true }],
    ['a type import', { ...imported, typeOnly: true }],
    ['a required module', { ...imported, require: true }],
    ['a package', { ...imported, from: 'figs' }],
    ['a name with a dollar', { ...imported, name: 'figs$' }],
    ['an alias of a module that is imported', { ...imported, aliases: ['./pears/pear.routes'] }],
    ['a statement with options', { ...registered, statement: 'await app.register(figs, {})' }],
    ['a statement without a place by name', { ...registered, order: 'last' }],
    ['a statement without a rank', { ...registered, order: ['apples', 'pears'] }],
    [
      'a statement without a function',
      { op: 'ensureStatement', name: 'figs', statement: registered.statement, order: 'by-name' },
    ],
    ['an item of a list', { op: 'ensureListItem', list: 'a', name: 'b', item: 'b', order: 'last' }],
  ])('%s', (_, op) => {
    expect(applyPlain({ path, text: registry }, op)).toBeUndefined()
  })

  test('a comment above the line that follows', () => {
    const first = exported('../resources/a/a.model.ts')
    const ruled = barrel.replace(/^.*\n/, '// biome-ignore lint: said\n')
    expect(applyPlain({ path, text: ruled }, first)).toBeUndefined()
    const text = edited('  await app.register(apples', '  // said\n$&')
    const early = { ...registered, name: 'aa', statement: 'await app.register(aa)' }
    expect(applyPlain({ path, text }, early)).toBeUndefined()
  })

  test('what cannot simply be taken out', () => {
    const { text, chunk } = applied(registry, imported)
    const { text: whole, chunk: call } = applied(text, registered)
    const revoked = (now: string, op: Op, recorded: string) => {
      const result = revokePlain({ path, text: now }, op, recorded)
      if (result !== undefined) expect(result).toEqual(revokeByParsing(path, now, op, recorded))
      return result?.state
    }
    expect(revoked(whole, registered, call)).toBe('revoked')
    expect(revoked(text, imported, chunk)).toBe('revoked')
    expect(revoked(whole, imported, chunk), 'still used').toBeUndefined()
    expect(revoked(`${text}// figs\n`, imported, chunk), 'named elsewhere').toBeUndefined()
    expect(revoked(text, imported, `${chunk};`), 'another chunk').toBeUndefined()
    expect(revoked(registry, imported, chunk), 'gone').toBeUndefined()
    expect(revoked(`${chunk}\n`, imported, chunk), 'the last import').toBeUndefined()
    const renamed = whole.replace('import figs', 'import own').replace('(figs,', '(own,')
    expect(revoked(renamed, imported, chunk), 'renamed').toBeUndefined()
    const twice = whole.replace(/.*register\(figs.*\n/, '$&$&')
    expect(revoked(twice, registered, call), 'twice').toBeUndefined()
    const alone = whole.replace(/.*register\((?:apples|pears).*\n/g, '')
    expect(revoked(alone, registered, call), 'the last call').toBeUndefined()
  })
})

test('the parser does the same to the files of a service', () => {
  for (const name of ['aa', 'figs', 'zz']) {
    for (const text of [
      registry,
      registry.replaceAll("'", '"'),
      registry.replaceAll('\n', '\r\n'),
    ]) {
      const ops = [
        { ...imported, name, from: `./${name}/x.ts` },
        { ...registered, name, statement: `await app.register(${name})` },
        { ...registered, name, statement: `await app.register(${name}, { prefix: '/${name}' })` },
      ]
      for (const op of ops) {
        expect(applyPlain({ path, text }, op)).toMatchObject({ state: 'applied' })
        expect(applyPlain({ path, text }, op)).toEqual(applyByParsing(path, text, op))
      }
    }
  }
})

test('specifiers are compared as ever', () => {
  const part = fc.constantFrom('a', 'b', 'A', '1', '10', '9', '-', '.', '/', '..', 'ü', 'x.ts')
  const specifier = fc
    .tuple(fc.constantFrom('./', '../', '../../', '', '@', '/'), fc.array(part, { maxLength: 5 }))
    .map(([start, parts]) => start + parts.join(''))
  fc.assert(
    fc.property(specifier, fc.array(specifier, { maxLength: 8 }), (other, list) => {
      const compare = comparisonWith(other)
      for (const one of list) {
        const [is, was] = [compare(one), compareSpecifiers(one, other)]
        expect([one, other, Math.sign(is)]).toEqual([one, other, Math.sign(was)])
      }
    }),
    { numRuns: 3000 },
  )
})
