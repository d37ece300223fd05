import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copyProject } from '../support/foreign.ts'
import { probe } from '../support/probe.ts'
import { ran, run } from '../support/run.ts'
import { treeOf } from '../support/tree.ts'

/** The project, with another text where it has the prefix. */
function loading(prefix: string): string {
  const root = copyProject({ name: 'loaded-under-prefix' })
  const path = join(root, 'src/app.js')
  writeFileSync(path, readFileSync(path, 'utf8').replace("'/api'", prefix))
  return root
}

async function answersIn(root: string, ...urls: string[]) {
  const [app] = await probe(
    join(root, 'src/app.js'),
    urls.map((url) => `GET ${url}`),
  )
  return urls.map((url) => app?.answers[`GET ${url}`]?.status)
}

const comment = (root: string) => treeOf(root)['src/routes/probe.js']

describe('a router in a folder that is loaded with a prefix', () => {
  it.each([
    ['/probe', '/api/probe'],
    ['/api/probe', '/api/probe'],
    ['/apiary', '/api/apiary'],
  ])('with --prefix %s is at %s, and says so before it is written', async (prefix, path) => {
    const root = loading("'/api'")
    const before = treeOf(root)
    const command = ['generate', 'router', 'probe', '--prefix', prefix]
    const { out } = await ran(root, [...command, '--dry-run'])
    expect(out).toContain(`get the prefix /api: these answer at ${path}.`)
    expect(treeOf(root)).toEqual(before)
    await ran(root, command)
    expect(comment(root)).toContain(`Mounts the routes of probe at \`${path}\`.`)
    expect(await answersIn(root, `${path}/health`, '/api/songs')).toEqual([200, 200])
    await ran(root, command)
    await ran(root, ['destroy', 'router', 'probe'])
    expect(treeOf(root)).toEqual(before)
  })

  it('is below a prefix of several constants', async () => {
    const root = loading("base + '/v1'")
    const path = join(root, 'src/app.js')
    writeFileSync(
      path,
      readFileSync(path, 'utf8').replace('const app', "const base = '/api'\nconst app"),
    )
    await ran(root, ['generate', 'router', 'probe', '--prefix', '/api/v1/probe'])
    expect(await answersIn(root, '/api/v1/probe/health')).toEqual([200])
  })

  it('names a prefix that is known at run time only', async () => {
    const root = loading("process.env.API_PREFIX ?? '/api'")
    const { out } = await ran(root, ['generate', 'router', 'probe', '--prefix', '/probe'])
    expect(out).toContain("known at run time only, process.env.API_PREFIX ?? '/api'")
    expect(comment(root)).toContain('at `/probe`, below the prefix')
    expect(await answersIn(root, '/api/probe/health')).toEqual([200])
  })

  it('is refused at a path that another one has', async () => {
    const root = loading("'/api'")
    await ran(root, ['generate', 'router', 'probe', '--prefix', '/hooks'])
    const { code, err } = await run(root, ['generate', 'router', 'other', '--prefix', '/api/hooks'])
    expect(code).toBe(3)
    expect(err).toContain('/api/hooks')
  })
})
