import fc from 'fast-check'
import type { Op, Order } from '../../src/model/op.ts'
import { codeFile, writing } from './edit-files.ts'
import { shape, shaped } from './edit-laws.ts'
import { apart, touching, type UserEdit } from './user-edits.ts'

export type Step = Op | UserEdit

/** A file, and what happens to it. */
export interface Session {
  readonly path: string
  readonly base: string
  readonly steps: readonly Step[]
}

const names = ['Xa', 'Yb', 'Zc', 'Own1', 'Own2', 'Own3', 'own1', 'own2', 'own3', 'own']

const order: fc.Arbitrary<Order> = fc.constantFrom<Order>(
  ['Own1', 'own1', 'own', 'Xa', 'Own2', 'own2', 'Yb', 'Zc', 'Own3'],
  ['own', 'Own1', 'Xa', 'own1', 'Yb', 'Zc', 'Own2', 'own2'],
  names,
  names,
  'by-name',
  'last',
  { beforeOwn: [] },
  { beforeOwn: ['own1', 'Xa'] },
  { after: 'Own1' },
  { before: 'Own2' },
  { after: 'own1' },
  { after: 'own' },
)

// One place has one order: two that differ say different things about one neighbour.
function inOrder(op: Op, place: Order): Op {
  return 'order' in op ? { ...op, order: place } : op
}

const name = fc.constantFrom('Xa', 'Yb', 'Zc')

const codeOps: readonly fc.Arbitrary<Op>[] = [
  fc.constantFrom(['Xa', './x.js'], ['Yb', '../up/y.js'], ['Zc', 'pack']).map(
    ([local = '', from = '']): Op => ({
      op: 'ensureImport',
      name: local,
      from,
      aliases: [`#app/${local}`],
    }),
  ),
  fc.tuple(name, fc.constantFrom('./k.js', './other.js'), fc.boolean()).map(
    ([local, from, typeOnly]): Op => ({
      op: 'ensureImport',
      name: local,
      from,
      named: true,
      typeOnly,
    }),
  ),
  fc.tuple(name, fc.boolean()).map(
    ([local, plain]): Op => ({
      op: 'ensureListItem',
      list: 'plugins',
      name: local,
      item: plain ? local : `[${local}, {\n  x: 1,\n}]`,
      order: 'last',
    }),
  ),
  fc.tuple(name, fc.constantFrom('1', '', "'$&`'")).map(
    ([key, value]): Op => ({
      op: 'ensureProperty',
      object: 'services',
      key,
      value: value || key,
      order: 'last',
    }),
  ),
  name.map(
    (local): Op => ({
      op: 'ensureStatement',
      within: 'setup',
      name: local,
      statement: `await app.register(${local})`,
      order: 'last',
    }),
  ),
]

function sessionOf(
  path: string,
  base: string,
  ops: readonly Op[],
  edits: readonly UserEdit[],
): Session {
  const steps = ops.flatMap((op, i): Step[] => [op, ...edits.slice(i, i + 1)])
  return { path, base, steps: [...steps, ...edits.slice(ops.length)] }
}

// Two ops on one key would be one entry.
function subject(op: Op): string {
  return `${op.op} ${'key' in op ? op.key : 'name' in op ? op.name : 'entry' in op ? op.entry : ''}`
}

const pickOps = (op: fc.Arbitrary<Op>) =>
  fc.uniqueArray(op, { minLength: 2, maxLength: 3, selector: subject })

function withoutTypes(op: Op): Op {
  return op.op === 'ensureImport' ? { ...op, typeOnly: false } : op
}

/** Sessions in files of code. */
export const codeSession = fc
  .record({
    writing,
    shape,
    // Half of the sessions fill one place, where ops meet each other.
    ops: fc.oneof(pickOps(fc.oneof(...codeOps)), fc.oneof(...codeOps.map(pickOps))),
    place: order,
    apart: fc.subarray(apart, { maxLength: 1 }),
    touching: fc.oneof(
      fc.constant(undefined),
      fc.constant(undefined),
      fc.constantFrom(...touching),
    ),
    path: fc.constantFrom('app.ts', 'app.js'),
  })
  .map(({ writing: w, shape: bytes, ops, place, path, ...edits }) => {
    const made = [...edits.apart, ...(edits.touching === undefined ? [] : [edits.touching])]
    const file = w.module === 'cjs' ? 'app.js' : path
    const spoken = ops
      .map((op) => inOrder(op, place))
      .map((op) => (file === 'app.js' ? withoutTypes(op) : op))
    return sessionOf(
      file,
      shaped(codeFile(w), bytes),
      spoken,
      made.map((edit) => edit(w)),
    )
  })

const ranked = ['own', 'xa', 'keep', 'yb', 'zc']
const word = fc.constantFrom('xa', 'yb', 'zc')

const otherFiles = fc.constantFrom(
  {
    path: 'package.json',
    text: '{\n  "name": "x",\n  "dependencies": {\n    "own": "1.0.0"\n  }\n}\n',
    op: (key: string): Op => ({
      op: 'ensureJson',
      path: ['dependencies', key],
      value: '1.0.0',
      sorted: true,
    }),
    edit: (text: string) => text.replace('"own": "1.0.0"', '"mine": "1.0.0", "own": "1.0.0"'),
  },
  {
    path: 'dashboard.json',
    text: '{\n  "panels": [\n    { "id": 15, "title": "own" },\n    { "title": "keep" }\n  ]\n}\n',
    op: (key: string): Op => {
      const id = 10 * (1 + ranked.indexOf(key))
      return {
        op: 'ensureJsonItems',
        path: ['panels'],
        sortBy: 'id',
        entry: key,
        block: JSON.stringify([{ id, title: key }, { id: id + 1 }]),
      }
    },
    edit: (text: string) => text.replace('"title": "own"', '"title": "mine"'),
  },
  {
    path: 'compose.yaml',
    text: '# top\nservices:\n  own:\n    image: own # said\n\n  keep: 1\nvolumes:\n  v: 1\n',
    op: (key: string): Op => ({
      op: 'ensureYaml',
      path: ['services', key],
      block: `${key}:\n  image: ${key}\n`,
      order: ranked,
    }),
    edit: (text: string) => text.replace('image: own', 'image: other'),
  },
  {
    path: '.env',
    text: '# own\nOWN=1\n\n# keep\nKEEP=1\n',
    op: (key: string): Op => ({
      op: 'ensureEnv',
      section: key,
      lines: [`${key.toUpperCase()}=`],
      order: ranked,
    }),
    edit: (text: string) => text.replace('OWN=1', 'OWN=2'),
  },
  {
    path: 'README.md',
    text: '# own\n\nOwn.\n\n## keep\n\n```sh\n## no heading\n```\n\n## More\n',
    op: (key: string): Op => ({
      op: 'ensureMarkdown',
      entry: key,
      block: `## ${key}\n\n- ${key}\n\n### below\n`,
      order: ranked,
    }),
    edit: (text: string) => text.replace('Own.', 'Own, and more.'),
  },
  {
    path: 'docs/cli.md',
    text: '# own\n\n## Commands\n\n| name | text |\n|---|---|\n| own | one \\| two |\n| keep | |\n\n## More\n',
    op: (key: string): Op => ({
      op: 'ensureMarkdown',
      under: 'Commands',
      entry: key,
      block: `| ${key} | about ${key} |`,
      order: ranked,
    }),
    edit: (text: string) => text.replace('| own |', '| own, still |'),
  },
  {
    path: 'index.ts',
    text: "export * from './own.js'\nexport { k } from './k.js' // said\n",
    op: (key: string): Op => ({
      op: 'ensureExport',
      from: `./${key}.js`,
      aliases: [`#app/${key}`],
    }),
    edit: (text: string) => text.replace('{ k }', '{ k, w }'),
  },
)

/** Sessions in files of other kinds. */
export const otherSession = fc
  .record({
    file: otherFiles,
    shape,
    keys: fc.uniqueArray(word, { minLength: 1 }),
    edited: fc.boolean(),
  })
  .map(({ file, shape: bytes, keys, edited }) =>
    sessionOf(
      file.path,
      shaped(file.text, bytes),
      keys.map(file.op),
      edited ? [{ isApart: true, make: file.edit }] : [],
    ),
  )
