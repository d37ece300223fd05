import fc from 'fast-check'
import { describe, test } from 'vitest'
import type { Op } from '../../src/model/op.ts'
import { codeFile, writing } from '../support/edit-files.ts'
import { holds, lines, pick, shape, shaped } from '../support/edit-laws.ts'
import { runs } from '../support/effort.ts'

const numRuns = runs('laws of edits', { quick: 60, full: 1000 })

describe('edits leave no trace of their order and can be taken back', () => {
  test('imports', () => {
    const header = lines('// A header.\n', '/*! MIT */\n', '\n', "'use strict'\n", '// @ts-check\n')
    const block = lines(
      "import b from 'b'\n",
      'import d from "d";\n',
      "import './side.ts'\n",
      "import { k } from './k.ts' // k\n",
      "import {\n  f,\n  m,\n} from './m.ts'\n",
      "import type { T } from './m.ts'\n",
      "import * as all from '../all.ts'\n",
      '// a comment\n',
      '\n',
      '/* two\n lines */\n',
      "import q from 'q'; foo()\n",
    )
    const code = lines('foo()\n', '\n', '/** f. */\nexport function f() {}\n', ';[1].map(h)\n')
    const from = (name: string, path: string, named = false, typeOnly = false): Op => ({
      op: 'ensureImport',
      name,
      from: path,
      named,
      typeOnly,
    })
    const ops = pick<Op>(
      from('a', 'a'),
      from('u', './u.ts'),
      from('l', './l.ts'),
      from('far', '../../far.ts'),
      from('aa', './m.ts', true),
      from('n', './m.ts', true),
      from('g', './m.ts', true),
      from('P', './m.ts', true, true),
      from('Q', './q.ts', true, true),
      from('fs', 'node:fs'),
    )
    const situations = fc.tuple(header, block, code, shape, ops)
    const unique = (text: string) => {
      const seen = new Set<string>()
      return text.replace(/import [^'"]*?(?:['"]).*\n/g, (line) => {
        if (seen.has(line)) return ''
        seen.add(line)
        return line
      })
    }
    holds(
      situations.map(([top, imports, rest, style, list]) => ({
        path: 'app.ts',
        base: shaped(top + unique(imports) + rest.replace(/(function f)/g, 'function f_'), style),
        ops: list,
      })),
      numRuns,
    )
  })

  test('statements', () => {
    const body = lines(
      '  foo()\n',
      '  foo(); // said\n',
      '  // a comment\n',
      '\n',
      '  await app.register(c)\n',
      '  await app.register(k, { x: 1 }) // k\n',
      '  await app.register(q, {\n    x: 1,\n  });\n',
      '  await app.register(unknown)\n',
      '  if (dev) {\n    await app.register(e)\n  }\n',
      '  /* two\n  lines */\n',
      '  ;[1].map(f)\n',
      '  await app.register(h);\n  (async () => {})()\n  foo()\n  foo()\n',
      '  const x = () => {}\n',
    )
    const end = fc.constantFrom(
      '',
      '  return app\n',
      '\n  // done\n  return app\n',
      '  app.listen()\n',
    )
    const order = ['a', 'c', 'd', 'e', 'h', 'k', 'l', 'q', 'z']
    const list = pick('a', 'd', 'l', 'z')
    const situations = fc.tuple(body, end, shape, list, fc.boolean(), fc.boolean())
    holds(
      situations.map(([statements, closing, style, names, byName, empty]) => ({
        path: 'app.ts',
        base: shaped(
          `export async function plugins(app: App) {${empty ? '' : `\n${statements}${closing}`}}\n`,
          style,
        ),
        ops: names.map((name) => ({
          op: 'ensureStatement' as const,
          within: 'plugins',
          name,
          statement: `await app.register(${name})`,
          order: byName ? 'by-name' : order,
        })),
      })),
      numRuns,
    )
  })

  test('lists and objects', () => {
    const order = ['Xa', 'own1', 'Own1', 'Yb', 'Own2', 'own2', 'Zc']
    const ops = (byName: boolean) =>
      ['Xa', 'Yb', 'Zc'].flatMap((name): Op[] => [
        {
          op: 'ensureListItem',
          list: 'plugins',
          name,
          item: name === 'Yb' ? `[${name}, {\n  x: 1,\n}]` : name,
          order: byName ? 'by-name' : order,
        },
        {
          op: 'ensureProperty',
          object: 'services',
          key: name,
          value: name === 'Yb' ? '{\n  x: 1,\n}' : name,
          order: byName ? 'by-name' : order,
        },
      ])
    const situations = fc.tuple(
      writing,
      shape,
      fc
        .boolean()
        .map(ops)
        .chain((list) => pick(...list)),
    )
    holds(
      situations.map(([hand, bytes, list]) => ({
        path: 'app.ts',
        base: shaped(codeFile({ ...hand, spoil: '' }), bytes),
        ops: list,
      })),
      numRuns,
    )
  })

  test('required modules', () => {
    const from = (name: string, path: string, named = false): Op => ({
      op: 'ensureImport',
      name,
      from: path,
      named,
      require: true,
    })
    const ops = pick(
      from('a', 'a'),
      from('u', './u.js'),
      from('far', '../../far'),
      from('aa', './k.js', true),
      from('z', './k.js', true),
      from('m', './m', true),
    )
    const top = fc.constantFrom(
      '',
      "'use strict'\n\n",
      "/*! MIT */\n\n'use strict';\n",
      "var b = require('b'); // said\n",
      'const { k } = require("./k")\n\n',
      "const {\n  b,\n  w: x,\n} = require('./k.js')\nrequire('./side')\n",
    )
    const code = lines('foo()\n', '\n', '// said\n', 'module.exports = foo\n', ';[1].map(h)\n')
    holds(
      fc.tuple(top, code, shape, ops).map(([header, rest, style, list]) => ({
        path: 'app.js',
        base: shaped(header + rest, style),
        ops: list,
      })),
      numRuns,
    )
  })

  test('exports', () => {
    const barrel = lines(
      "export * from './b.ts'\n",
      "export * from '../k.ts';\n",
      "export { x } from './x.ts' // x\n",
      '// a comment\n',
      '\n',
      "import a from 'a'\n",
      'export const y = 1\n',
    )
    const from = pick('./a.ts', './c.ts', '../b.ts', './c10.ts', './c9.ts')
    holds(
      fc.tuple(barrel, shape, from).map(([base, style, specifiers]) => ({
        path: 'index.ts',
        base: shaped(base.replace(/export const y = 1\n(?=[\s\S]*export const y)/g, ''), style),
        ops: specifiers.map((specifier) => ({ op: 'ensureExport' as const, from: specifier })),
      })),
      numRuns,
    )
  })
})
