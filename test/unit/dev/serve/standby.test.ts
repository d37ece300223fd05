import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Standby, settled } from '../../../../src/dev/serve/standby.ts'
import type { HeldProcess } from '../../../../src/system/server-process.ts'
import { temporaryFolder, writeTree } from '../../../support/tree.ts'

function project() {
  const root = temporaryFolder()
  writeTree(root, {
    'dist/server.js': "import fastify from 'fastify'\n",
    'node_modules/fastify/fastify.js': '1',
    'node_modules/fastify/lib.js': '1',
    '.env': 'A=1',
  })
  const held: { packages: readonly string[]; end: (code: number) => void; is: string }[] = []
  const standby = new Standby(root, ({ packages }) => {
    let end = (_code: number): void => {}
    const ended = new Promise<number>((resolve) => {
      end = resolve
    })
    const one = { packages, end, is: 'waiting' }
    held.push(one)
    const process: HeldProcess = {
      ended,
      start() {
        one.is = 'started'
        return undefined
      },
      discard() {
        one.is = 'discarded'
        end(137)
      },
    }
    return process
  })
  const loaded = async () =>
    ['dist/server.js', 'node_modules/fastify/fastify.js'].map((path) => join(root, path))
  return { root, held, standby, loaded, states: () => held.map(({ is }) => is) }
}

it('starts the process that has loaded what the server had', async () => {
  const { standby, loaded, held, states } = project()
  await standby.prepare({ loaded })
  expect(held[0]?.packages).toEqual(['fastify'])
  standby.check()
  standby.start()
  expect(states()).toEqual(['started'])
  expect(standby.start()).toBeUndefined()
})

it('keeps one', async () => {
  const { standby, loaded, states } = project()
  await Promise.all([standby.prepare({ loaded }), standby.prepare({ loaded })])
  await standby.prepare({ loaded })
  expect(states()).toEqual(['waiting'])
})

it.each([
  ...settled.map((name) => [name, 'x']),
  ['node_modules/fastify/fastify.js', '22'],
  ['node_modules/fastify/lib.js', '22'],
  ['node_modules/fastify/added.js', ''],
  ['dist/server.js', "import fastify from 'fastify'\nimport 'effect'\n"],
  ['dist/server.js', ''],
])('gives up what waits after a change of %s', async (path, text) => {
  const { root, standby, loaded, states } = project()
  await standby.prepare({ loaded })
  writeTree(root, { [path]: text })
  standby.check()
  expect(states()).toEqual(['discarded'])
  expect(standby.start()).toBeUndefined()
})

it('keeps what waits after a change of the code that imports the same and more', async () => {
  const { root, standby, loaded, states } = project()
  await standby.prepare({ loaded })
  const text = "import fastify from 'fastify'\nimport more from 'more'\n"
  writeTree(root, { 'dist/server.js': text, 'src/a.ts': '1' })
  standby.check()
  expect(states()).toEqual(['waiting'])
})

it('prepares nothing any more after one that ended by itself', async () => {
  const { standby, loaded, held, states } = project()
  await standby.prepare({ loaded })
  held[0]?.end(1)
  await new Promise((resolve) => setImmediate(resolve))
  await standby.prepare({ loaded })
  expect(states()).toEqual(['waiting'])
})

it.each(['check', 'start', 'close'] as const)(
  'prepares nothing where a %s came while the server told what it has loaded',
  async (call) => {
    const { standby, loaded, held } = project()
    await standby.prepare({
      loaded: async () => {
        standby[call]()
        return loaded()
      },
    })
    expect(held).toEqual([])
  },
)

it('ends what waits, and waits for its end', async () => {
  const { standby, loaded, states } = project()
  await standby.prepare({ loaded })
  await standby.close()
  expect(states()).toEqual(['discarded'])
  await standby.prepare({ loaded })
  expect(states()).toHaveLength(1)
})
