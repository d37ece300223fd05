import fc from 'fast-check'
import { describe, test } from 'vitest'
import type { Op } from '../../src/model/op.ts'
import { holds, lines, pick, shape, shaped } from '../support/edit-laws.ts'

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
    )
  })

  test('JSON', () => {
    const user = fc.uniqueArray(fc.constantFrom('b', 'x', 'k', '@s/p', 'dependencies'), {
      maxLength: 4,
    })
    const inner = fc.constantFrom(
      '{}',
      '{ }',
      '{\n  }',
      '{ "c": 1 }',
      '{\n    "z": "1",\n    "c": 1\n  }',
    )
    const form = fc.constantFrom('flat', 'compact', 'spread', 'commented')
    const value = (path: string[], json: 1 | { x: string }): Op => ({
      op: 'ensureJson',
      path,
      value: json,
      sorted: true,
    })
    const ops = pick<Op>(
      value(['dependencies', 'a'], 1),
      value(['dependencies', 'd'], 1),
      value(['dependencies', 'zz'], 1),
      value(['a'], { x: 'y' }),
      value(['deep', 'er', 'one'], 1),
      value(['deep', 'two'], 1),
    )
    const situations = fc.tuple(
      user,
      inner,
      form,
      shape,
      ops,
      fc.constantFrom('package.json', 'x.jsonc'),
    )
    holds(
      situations.map(([keys, map, style, bytes, list, path]) => {
        const members = keys.map((key) => `"${key}": ${key === 'dependencies' ? map : '[1]'}`)
        const text = {
          flat: `{ ${members.join(', ')} }\n`,
          compact: `{${members.join(',')}}`,
          spread: `{\n  ${members.join(',\n  ')}\n}\n`,
          commented: `{\n  // top\n  ${members.map((line) => `${line}, // said`).join('\n  ')}\n}\n`,
        }[style]
        return { path, base: shaped(text, bytes), ops: list }
      }),
    )
  })

  test('YAML', () => {
    const entries = lines(
      '  c:\n    image: c # said\n',
      '\n',
      '  # about k\n  k:\n    - 1\n\n    - 2\n',
      '  q: |\n    text\n\n    # text\n',
      '  own: 1\n',
    )
    const around = fc.constantFrom(
      ['', ''],
      ['name: x\n', ''],
      ['# top\n', '\n# below\nvolumes:\n  d: 1\n'],
    )
    const order = ['a', 'c', 'd', 'k', 'l', 'q', 'z']
    const situations = fc.tuple(entries, around, shape, pick('a', 'd', 'l', 'z'), fc.boolean())
    const once = (text: string) => {
      const seen = new Set<string>()
      const parts = text.split(/(?=^ {2}\w|^ {2}#)/m)
      return parts.filter((part) => !seen.has(part.trim()) && seen.add(part.trim())).join('')
    }
    holds(
      situations.map(([list, [top, below], style, names, made]) => ({
        path: 'compose.yaml',
        base: shaped(`${top}services:\n  first: 1\n${once(list)}${below}`, style),
        ops: names.map((name) => ({
          op: 'ensureYaml' as const,
          path: [made ? 'made' : 'services', name],
          block: `${name}:\n  # ours\n  image: ${name}\n`,
          order,
        })),
      })),
    )
  })

  test('env files', () => {
    const body = lines('# c\nC=1\n', '# k\n# about\nK=1\n', '\n', '\n\n', 'OWN=1\n', '# header\n')
    const order = ['a', 'c', 'd', 'k', 'l', 'z']
    holds(
      fc.tuple(body, shape, pick('a', 'd', 'l', 'z')).map(([base, style, names]) => ({
        path: '.env',
        base: shaped(base, style),
        ops: names.map((name) => ({
          op: 'ensureEnv' as const,
          section: name,
          lines: [`${name.toUpperCase()}_URL=`],
          order,
        })),
      })),
    )
  })
})
