import { join } from 'node:path'
import { diffLines } from 'diff'
import { describe, expect, it } from 'vitest'
import { someOf } from '../support/effort.ts'
import {
  complaintsOf,
  copyProject,
  install,
  isTyped,
  manifestOf,
  snapshotOf,
  stateOf,
} from '../support/foreign.ts'
import { probe } from '../support/probe.ts'
import { ran } from '../support/run.ts'
import type { Tree } from '../support/tree.ts'
import { type OpenProject, openProjects } from './open-projects.ts'
import { about, health, made, middleware, router } from './words.ts'

/** The files that differ, without our own records. */
function changedPaths(before: Tree, after: Tree): readonly string[] {
  return Object.keys({ ...before, ...after })
    .filter((path) => before[path] !== after[path] && !path.includes('.create-service/'))
    .sort()
}

/** What a project has to gain beside our records; its packages only where one was missing. */
function expectedPaths({ file, folder = '', wired }: OpenProject, hasPackage: boolean) {
  const declaring = hasPackage ? [] : [join(folder, 'package.json')]
  return [
    ...made.map((thing) => about(thing, file)),
    ...(wired === undefined ? [] : [wired]),
    ...declaring,
  ].sort()
}

/** The lines that came into a text, without their indentation and `await`. No other may go. */
function gainedLines(before = '', after = ''): readonly string[] {
  const changes = diffLines(before, after)
  expect(changes.filter(({ removed }) => removed)).toEqual([])
  return changes
    .filter(({ added }) => added)
    .flatMap(({ value }) => value.split('\n'))
    .map((line) => line.trim().replace(/^(await|void) /, ''))
    .filter((line) => line !== '')
    .sort()
}

const lineEndings = (text = '') => new Set(text.match(/\r?\n/g))

const count = (text: string, part: string) => text.split(part).length - 1

describe.each(someOf('projects', openProjects, 5))('in $name', (project) => {
  const { folder = '', entry, serves, wired, lines = [] } = project

  it('a router and a middleware are added and served', async () => {
    const root = copyProject(project)
    const before = stateOf(root)
    const hasPackage = 'fastify-plugin' in (manifestOf(join(root, folder)).dependencies ?? {})
    await ran(join(root, folder), router)
    await ran(join(root, folder), middleware)
    install(root)

    const after = stateOf(root)
    expect(changedPaths(before, after)).toEqual(expectedPaths(project, hasPackage))
    expect(manifestOf(join(root, folder)).dependencies).toHaveProperty('fastify-plugin')
    if (wired !== undefined) {
      const expected = made.flatMap((thing) => lines.map((line) => about(thing, line)))
      expect(gainedLines(before[wired], after[wired])).toEqual(expected.sort())
      // Hooks before routes, although the router was there first.
      const [hooks = 0, routes = 0] = made.map(({ name }) => after[wired]?.lastIndexOf(name))
      expect(hooks).toBeLessThan(routes)
    }
    for (const path of Object.keys(before)) {
      expect(lineEndings(after[path]), path).toEqual(lineEndings(before[path]))
    }

    const [complaints, [app, ...others]] = await Promise.all([
      isTyped(project) ? complaintsOf(join(root, folder)) : '',
      probe(join(root, entry), [...Object.keys(serves), health]),
    ])
    expect(complaints).toBe('')
    const bodies = { ...serves, [health]: { status: 'ok' } }
    const answers = Object.entries(bodies).map(([question, body]) => [
      question,
      { status: 200, body },
    ])
    expect(others).toEqual([])
    expect(app?.answers).toEqual(Object.fromEntries(answers))
    expect(app?.plugins).toMatch(/ audit-log \d/)
    // Whatever it stands beside, every route goes through it.
    expect(count(app?.routes ?? '', '(onResponse)')).toBe(count(app?.routes ?? '', ' (GET'))
  })

  it('nothing is written before it is asked for, and nothing twice', async () => {
    const root = copyProject(project)
    const cwd = join(root, folder)
    const untouched = snapshotOf(root)
    for (const command of [router, middleware]) await ran(cwd, [...command, '--dry-run'])
    expect(snapshotOf(root)).toEqual(untouched)

    for (const command of [router, middleware]) await ran(cwd, command)
    const once = snapshotOf(root)
    for (const command of [router, middleware]) await ran(cwd, command)
    expect(snapshotOf(root)).toEqual(once)
  })

  it('both are taken back without a trace', async () => {
    const root = copyProject(project)
    const cwd = join(root, folder)
    const before = stateOf(root)
    for (const command of [router, middleware]) await ran(cwd, command)
    await ran(cwd, ['destroy', 'router', 'webhooks'])
    await ran(cwd, ['destroy', 'middleware', 'audit_log', '--no-install'])
    expect(stateOf(root)).toEqual(before)
  })
})
