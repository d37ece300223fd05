import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { execute } from '../support/processes.ts'
import { ran } from '../support/run.ts'
import { createdService } from '../support/service.ts'
import { type Tree, temporaryFolder, writeTree } from '../support/tree.ts'

const programs = join(import.meta.dirname, '../../node_modules/.bin')

/** Each with its own default: tabs in Biome, spaces in Prettier. */
const formatters: Readonly<Record<string, readonly string[]>> = {
  Biome: ['biome', 'check', '--error-on-warnings', '.create-service'],
  Prettier: ['prettier', '--check', '.create-service'],
}

const written: Tree = {
  'package.json': '{ "name": "app", "type": "module", "dependencies": { "fastify": "^5.0.0" } }\n',
  'src/app.js': "import Fastify from 'fastify'\n\nexport const app = Fastify()\n",
}

/** What a formatter says of the records. */
async function complaintsOf(root: string, [program = '', ...words]: readonly string[]) {
  const { output } = await execute(root, [join(programs, program), ...words])
  return output
}

/** What a formatter lists of the files that it looked into. */
const looked = /manifest|router-|audit|known|\.run|Formatted|Checked [1-9]/

async function foreign(): Promise<string> {
  const root = temporaryFolder()
  writeTree(root, written)
  return root
}

describe.each([
  ['a project that was made elsewhere', foreign],
  ['a service', () => createdService('--preset', 'minimal')],
])('the records of %s', (_what, made) => {
  it.each(Object.entries(formatters))('are nothing that %s looks into', async (_name, command) => {
    const root = await made()
    await ran(root, ['generate', 'router', 'webhooks'])
    await ran(root, ['generate', 'middleware', 'audit', '--no-install'])
    await ran(root, ['destroy', 'router', 'webhooks'])
    expect(readdirSync(join(root, '.create-service/units'))).not.toEqual([])
    expect(readdirSync(join(root, '.create-service/history')).length).toBeGreaterThan(3)
    expect(await complaintsOf(root, command)).not.toMatch(looked)
  })
})
