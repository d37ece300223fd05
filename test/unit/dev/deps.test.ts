import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspectDependencies } from '../../../src/dev/deps/deps.ts'
import type { Ask, Told } from '../../../src/dev/deps/registry.ts'
import type { Facts } from '../../../src/dev/facts.ts'
import { packageAt } from '../../../src/project/package.ts'
import { namesIn } from '../../../src/system/files.ts'
import { type Tree, temporaryFolder, writeTree } from '../../support/tree.ts'

function factsOf(own: object, tree: Tree = {}, above?: Tree): Pick<Facts, 'levels'> {
  const parent = temporaryFolder()
  const root = join(parent, 'project')
  writeTree(root, { 'package.json': JSON.stringify(own), ...tree })
  writeTree(parent, above ?? {})
  const level = (folder: string) => ({
    folder,
    package: packageAt(folder) ?? {},
    names: namesIn(folder),
  })
  return { levels: [level(root), ...(above === undefined ? [] : [level(parent)])] }
}

const module = (version: string) => JSON.stringify({ version })

const told = (...versions: readonly (readonly [string, string?])[]): Told => ({
  state: 'told',
  published: versions.map(([version, deprecated]) => ({ version, deprecated, latest: '2.0.0' })),
})

/** Answers from a list, and fails for what is not in it. */
function registry(answers: Readonly<Record<string, Told>>): Ask & { asked: string[] } {
  const asked: string[] = []
  const ask = async (spec: string) => {
    asked.push(spec)
    const answer = answers[spec]
    if (answer === undefined) throw new Error(`nobody expected ${spec}`)
    return answer
  }
  return Object.assign(ask, { asked })
}

async function inspected(facts: Pick<Facts, 'levels'>, answers: Readonly<Record<string, Told>>) {
  const ask = registry(answers)
  const found = await inspectDependencies(facts, ask, 1)
  return { ...found, asked: ask.asked, only: found.dependencies[0] }
}

describe('inspectDependencies', () => {
  it('tells installed, wanted and latest apart with one question', async () => {
    const facts = factsOf(
      { dependencies: { x: '^1.0.0' } },
      { 'node_modules/x/package.json': module('1.0.0') },
    )
    const { only, asked } = await inspected(facts, {
      'x@^1.0.0': told(['1.0.0', 'use y'], ['1.10.0'], ['1.9.0']),
    })
    expect(asked).toEqual(['x@^1.0.0'])
    expect(only).toEqual({
      name: 'x',
      kind: 'dependencies',
      range: '^1.0.0',
      installed: '1.0.0',
      wanted: '1.10.0',
      latest: '2.0.0',
      deprecated: 'use y',
      isOutdated: true,
      source: 'registry',
    })
  })

  it('asks again for what is installed and not in the range', async () => {
    const facts = factsOf(
      { dependencies: { x: '^2.0.0' } },
      { 'node_modules/x/package.json': module('1.0.0') },
    )
    const { only, asked } = await inspected(facts, {
      'x@^2.0.0': told(['2.0.0']),
      'x@1.0.0': told(['1.0.0', 'gone']),
    })
    expect(asked).toHaveLength(2)
    expect(only).toMatchObject({ wanted: '2.0.0', deprecated: 'gone', isOutdated: true })
  })

  it('is content with what is newer than latest, and with what is missing', async () => {
    const facts = factsOf(
      { dependencies: { x: '3.0.0-beta.1', y: '1.0.0' } },
      { 'node_modules/x/package.json': module('3.0.0-beta.1') },
    )
    const { dependencies } = await inspected(facts, {
      'x@3.0.0-beta.1': told(['3.0.0-beta.1']),
      'y@1.0.0': told(['1.0.0', 'gone']),
    })
    expect(dependencies).toMatchObject([
      { isOutdated: false, deprecated: undefined },
      { isOutdated: false, installed: undefined, deprecated: 'gone' },
    ])
  })

  it('lists every kind, an optional one once', async () => {
    const facts = factsOf({
      dependencies: { a: '1', c: '1' },
      devDependencies: { b: '1' },
      optionalDependencies: { c: '1' },
      peerDependencies: { d: '1' },
    })
    const answer = told(['1.0.0'])
    const { dependencies } = await inspected(facts, {
      'a@1': answer,
      'b@1': answer,
      'c@1': answer,
      'd@1': answer,
    })
    expect(dependencies.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'a dependencies',
      'b devDependencies',
      'c optionalDependencies',
      'd peerDependencies',
    ])
  })

  it.each([
    'file:../x',
    'link:../x',
    'portal:../x',
    'workspace:*',
    'git+https://github.com/a/b.git',
    'git@github.com:a/b.git',
    'github:a/b',
    'a/b#main',
    'https://example.com/x.tgz',
    '../x',
    '/x.tgz',
  ])('does not ask for %s', async (range) => {
    const facts = factsOf(
      { dependencies: { x: range } },
      { 'node_modules/x/package.json': module('1.0.0') },
    )
    const { only, asked, problems } = await inspected(facts, {})
    expect(asked).toEqual([])
    expect(problems).toEqual([])
    expect(only).toMatchObject({ range, installed: '1.0.0', source: 'local' })
  })

  it.each([
    ['npm:@scope/y@^1', '@scope/y@^1'],
    ['npm:y', 'y@*'],
    ['npm:^1', 'x@^1'],
    ['', 'x@*'],
    ['next', 'x@next'],
    ['>=1 <3 || 5', 'x@>=1 <3 || 5'],
    ['catalog:', 'x@latest'],
  ])('for %j asks for %s', async (range, spec) => {
    const facts = factsOf({ dependencies: { x: range } })
    const { asked } = await inspected(facts, { [spec]: told(['1.0.0']) })
    expect(asked).toEqual([spec])
  })

  it('finds what is installed above, or with Plug’n’Play in the lock file', async () => {
    const answers = { 'x@^1': told(['1.5.0']), 'y@^1': told(['1.5.0']) }
    const own = { dependencies: { x: '^1' }, devDependencies: { y: '^1' } }
    const hoisted = factsOf(own, {}, { 'node_modules/x/package.json': module('1.5.0') })
    expect((await inspected(hoisted, answers)).only?.installed).toBe('1.5.0')
    const lock = '"x@npm:^1, x@npm:^1.2":\n  version: 1.5.0\n\n"y@npm:^1":\n  version: 1.4.0\n'
    const pnp = factsOf(own, {}, { '.pnp.cjs': '', 'yarn.lock': lock })
    const { dependencies } = await inspected(pnp, {
      ...answers,
      'y@1.4.0': told(['1.4.0']),
    })
    expect(dependencies.map(({ installed }) => installed)).toEqual(['1.5.0', '1.4.0'])
  })

  it('stops asking where nobody answers, and says so once', async () => {
    const facts = factsOf(
      { dependencies: { x: '^1', y: '^1', z: 'file:../z' } },
      { 'node_modules/x/package.json': module('1.0.0') },
    )
    const found = await inspected(facts, {
      'x@^1': { state: 'unreachable', message: 'http://bob:word@r ENOTFOUND' },
    })
    expect(found.asked).toEqual(['x@^1'])
    expect(found.problems).toHaveLength(1)
    expect(found.problems[0]).toContain('ENOTFOUND')
    expect(found.problems[0]).not.toContain('word')
    expect(found.dependencies.map(({ source }) => source)).toEqual(['unasked', 'unasked', 'local'])
    expect(found.only).toMatchObject({ installed: '1.0.0', range: '^1' })
  })

  it('goes on after one that is not there', async () => {
    const facts = factsOf({ dependencies: { x: '^1', y: '^1' } })
    const { dependencies, problems } = await inspected(facts, {
      'x@^1': { state: 'unknown', message: 'Not Found' },
      'y@^1': told(['1.0.0']),
    })
    expect(problems).toEqual(['x: Not Found'])
    expect(dependencies.map(({ source }) => source)).toEqual(['unknown', 'registry'])
  })

  it('asks a few at a time, and keeps the order', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const facts = factsOf({ dependencies: Object.fromEntries(names.map((name) => [name, '1'])) })
    let under = 0
    let most = 0
    const steps: string[] = []
    const ask: Ask = async (spec) => {
      under += 1
      most = Math.max(most, under)
      const ticks = spec.charCodeAt(0) % 2 === 0 ? 1 : 5
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve()
      under -= 1
      return told(['1.0.0'])
    }
    const found = await inspectDependencies(facts, ask, 3, (done, all) => {
      steps.push(`${done}/${all}`)
    })
    expect(most).toBe(3)
    expect(found.dependencies.map(({ name }) => name)).toEqual(names)
    expect(steps.at(-1)).toBe('6/6')
  })

  it('shows no credentials of a repository', async () => {
    const facts = factsOf({ dependencies: { x: 'git+https://bob:word@github.com/a/b.git' } })
    expect(JSON.stringify((await inspected(facts, {})).only)).not.toContain('word')
  })
})
