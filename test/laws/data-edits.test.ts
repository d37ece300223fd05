import fc from 'fast-check'
import { describe, test } from 'vitest'
import type { Op } from '../../src/model/op.ts'
import { holds, lines, pick, shape, shaped } from '../support/edit-laws.ts'
import { runs } from '../support/effort.ts'

const numRuns = runs('laws of edits of data', { quick: 60, full: 1000 })

describe('edits of data leave no trace of their order and can be taken back', () => {
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
      numRuns,
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
      numRuns,
    )
  })

  test('Markdown', () => {
    const order = ['a', 'c', 'd', 'k', 'l', 'z']
    const sections = lines(
      '## c\n\nAbout c.\n\n',
      '## k\n\n### a\n\nText.\n\n',
      '~~~md\n## d\n~~~\n\n',
      '\n',
      'Own text.\n\n',
    )
    const rows = lines('| c | of mine |\n', '| k |\n', '|own|x \\| y|\n')
    const around = fc.constantFrom(
      ['# top\n\n## Table\n\n| name | text |\n| --- | --- |\n', ''],
      ['## Table\n\nText.\n\n|n|t|\n|-|-|\n', '\n## z\n\n| d | in another table |\n'],
    )
    holds(
      fc.tuple(sections, shape, pick('a', 'd', 'l', 'z')).map(([base, style, names]) => ({
        path: 'README.md',
        base: shaped(`# top\n\n${base}`, style),
        ops: names.map((name) => ({
          op: 'ensureMarkdown' as const,
          entry: name,
          block: `## ${name}\n\nAbout ${name}.\n\n### More\n`,
          order,
        })),
      })),
    )
    holds(
      fc
        .tuple(rows, around, shape, pick('a', 'd', 'l', 'z'))
        .map(([list, [top, below], style, names]) => ({
          path: 'README.md',
          base: shaped(`${top}${list}${below}`, style),
          ops: names.map((name) => ({
            op: 'ensureMarkdown' as const,
            under: 'Table',
            entry: name,
            block: `| ${name} | ours |`,
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
      numRuns,
    )
  })
})
