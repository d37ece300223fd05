import { join } from 'node:path'
import { diffLines } from 'diff'
import { describe, expect, it } from 'vitest'
import { someOf } from '../support/effort.ts'
import {
  complaintsOf,
  copyProject,
  install,
  isTyped,
  snapshotOf,
  stateOf,
} from '../support/foreign.ts'
import { probe } from '../support/probe.ts'
import { ran } from '../support/run.ts'
import type { Tree } from '../support/tree.ts'
import { followedProjects } from './followed-projects.ts'
import { health, middleware, router } from './words.ts'

/** The files that differ, without our own records and package.json. */
function changedPaths(before: Tree, after: Tree): readonly string[] {
  return Object.keys({ ...before, ...after })
    .filter((path) => before[path] !== after[path])
    .filter((path) => !path.includes('.create-service/') && path !== 'package.json')
    .sort()
}

function gainedLines(before = '', after = ''): readonly string[] {
  return diffLines(before, after)
    .filter(({ added }) => added)
    .flatMap(({ value }) => value.split('\n').map((line) => line.trim()))
    .filter((line) => line !== '')
}

const count = (text: string, part: string) => text.split(part).length - 1

describe.each(someOf('followed projects', followedProjects, 4))('in $name', (project) => {
  const { entry, serves } = project

  it('a router is registered where its siblings are, and served', async () => {
    const root = copyProject(project)
    const before = stateOf(root)
    await ran(root, router)
    const after = stateOf(root)
    expect(changedPaths(before, after)).toEqual(
      [...Object.keys(project.router), project.file].sort(),
    )
    for (const [path, lines] of Object.entries(project.router)) {
      expect(gainedLines(before[path], after[path])).toEqual(lines)
    }
    const questions = [...Object.keys(serves), health]
    const [complaints, [app]] = await Promise.all([
      isTyped(project) ? complaintsOf(root) : '',
      probe(join(root, entry), questions),
    ])
    expect(complaints).toBe('')
    const bodies = { ...serves, [health]: { status: 'ok' } }
    for (const question of questions) {
      expect(app?.answers[question]).toEqual({ status: 200, body: Reflect.get(bodies, question) })
    }
  })

  it.each([
    ['before', [middleware, router]],
    ['after', [router, middleware]],
  ])('every route goes through a middleware that came %s it', async (_when, commands) => {
    const root = copyProject(project)
    const before = stateOf(root)
    for (const command of commands) await ran(root, command)
    const paths = [...Object.keys(project.router), project.file, ...project.middleware]
    expect(changedPaths(before, stateOf(root))).toEqual([...new Set(paths)].sort())
    const once = snapshotOf(root)
    for (const command of commands) await ran(root, command)
    expect(snapshotOf(root)).toEqual(once)
    install(root)
    const [app] = await probe(join(root, entry), [health])
    expect(app?.answers[health]).toMatchObject({ status: 200 })
    expect(count(app?.routes ?? '', '(onResponse)')).toBe(count(app?.routes ?? '', ' (GET'))

    await ran(root, ['destroy', 'router', 'webhooks'])
    await ran(root, ['destroy', 'middleware', 'audit_log', '--no-install'])
    expect(stateOf(root)).toEqual(before)
  })
})

describe('a router', () => {
  it.each([
    ['is registered in a step at the start', 'steps-at-start', 'src/server.ts'],
    ['is registered where an exported instance is imported', 'exported-app', 'src/index.ts'],
  ])('that %s is known to a plugin that came before', async (_what, name, entry) => {
    const root = copyProject({ name })
    await ran(root, router)
    const [app] = await probe(join(root, entry), ['GET /catalogue'])
    expect(app?.answers['GET /catalogue']?.body).toContain('/webhooks/health')
  })
})
