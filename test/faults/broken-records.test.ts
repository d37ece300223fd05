import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ran, run } from '../support/run.ts'
import { createdService } from '../support/service.ts'
import { temporaryFolder, treeOf, writeTree } from '../support/tree.ts'

const history = '.create-service/history'
const router = ['generate', 'router', 'a1']
const nothingToDo = 'Nothing to do: everything is there already.\n'

async function withRouter(): Promise<string> {
  const root = await createdService('--preset', 'minimal')
  await ran(root, router)
  return root
}

/** Runs a command that is refused for a broken record, and changes nothing. */
async function refuses(root: string, argv: readonly string[], file: string): Promise<string> {
  const before = treeOf(root)
  const { code, err } = await run(root, argv)
  expect(err).toContain(`BROKEN_RECORD ${file}`)
  expect(code).toBe(3)
  expect(treeOf(root)).toEqual(before)
  return err
}

describe('what is known of files, where it', () => {
  const sha256 = '0'.repeat(64)
  it.each([
    ['is of another shape', '{"src/resources/index.ts":{}}'],
    ['has entries without ops', '{"version":"0.1.0","files":{"src/resources/index.ts":{}}}'],
    ['has entries that are nothing', '{"version":"0.1.0","files":{"src/resources/index.ts":null}}'],
    [
      'has ops that are no list',
      `{"version":"0.1.0","files":{"src/resources/index.ts":{"sha256":"${sha256}","ops":"x"}}}`,
    ],
    ['has files that are nothing', '{"version":"0.1.0","files":null}'],
    ['has files that are a word', '{"version":"0.1.0","files":"x"}'],
    ['is a list', '[]'],
    ['is null', 'null'],
    ['is empty', ''],
    ['is no JSON', 'nonsense'],
  ])('%s, is found out again', async (_what, text) => {
    const root = await withRouter()
    const before = treeOf(root)
    const known = join(root, history, 'known')
    writeFileSync(known, text)
    expect(await ran(root, router)).toEqual({ code: 0, out: nothingToDo, err: '' })
    expect(treeOf(root)).toEqual(before)

    writeFileSync(known, text)
    await ran(root, ['generate', 'router', 'b1'])
    expect(treeOf(root)['src/resources/index.ts']).toContain('app.register(b1, ')
  })
})

describe('a broken record of a run', () => {
  it.each(['{}', '[]', 'null', '', '{"files":{},"edited":[]}', 'nonsense'])(
    '%j is passed over, and can be deleted',
    async (text) => {
      const root = await createdService('--preset', 'minimal')
      const before = treeOf(root)
      await ran(root, router)
      const between = treeOf(root)
      await ran(root, ['generate', 'router', 'b1'])
      const [first = '', second = ''] = runsIn(root)
      writeFileSync(join(root, history, `${second}.run`), text)

      const { out } = await ran(root, ['undo', '--list'])
      expect(out).toContain(first)
      expect(out).not.toContain(second)
      const err = await refuses(root, ['undo', second], `${history}/${second}.run`)
      expect(err).toContain('Delete it')

      await ran(root, ['destroy', 'router', 'b1'])
      expect(treeOf(root)).toEqual(between)
      await ran(root, ['undo', first])
      expect(treeOf(root)).toEqual(before)
    },
  )
})

function runsIn(root: string): readonly string[] {
  return readdirSync(join(root, history))
    .flatMap((name) => /^(.*)\.run$/.exec(name)?.[1] ?? [])
    .sort()
}

describe('a broken record of a unit', () => {
  const commands = [['status'], ['destroy', 'router', 'a1'], router, ['undo']]
  it.each([
    '{}',
    '[]',
    'null',
    '{"kind":"router","name":"a1","args":null,"files":{},"edits":[],"pristine":""}',
    '{"kind":"router","name":"a1","args":{},"files":null,"edits":[],"pristine":""}',
  ])('%s is refused by every command that needs it', async (text) => {
    const root = await withRouter()
    const path = '.create-service/units/router-a1'
    writeTree(root, { [path]: text })
    for (const argv of commands) {
      expect(await refuses(root, argv, path)).toContain('Restore it from git')
    }
  })
})

describe('a broken manifest', () => {
  const manifest = '.create-service/manifest'

  it.each(['{"habits":{}}', '{"habits":null}', '{"habits":{"language":"javascript"}}'])(
    '%s of a project that was made elsewhere is refused',
    async (text) => {
      const root = temporaryFolder()
      writeTree(root, {
        'package.json': '{ "name": "app", "dependencies": { "fastify": "^5.0.0" } }\n',
        'index.js': "const app = require('fastify')()\n",
        [manifest]: text,
      })
      await refuses(root, router, manifest)
      await refuses(root, ['status'], manifest)
    },
  )

  it.each(['{}', '[]', '{"features":{}}', '{"features":[],"answers":{}}'])(
    '%s of a service is refused',
    async (text) => {
      const root = await withRouter()
      writeTree(root, { [manifest]: text })
      await refuses(root, router, manifest)
    },
  )
})
