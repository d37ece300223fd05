import { describe, expect, it } from 'vitest'
import { ownGroups } from '../../../src/cli/project.command.ts'
import { run } from '../../support/run.ts'
import { createdService } from '../../support/service.ts'
import { temporaryFolder } from '../../support/tree.ts'

const elsewhere = temporaryFolder()

async function helpOf(...words: readonly string[]): Promise<string> {
  const { code, out } = await run(elsewhere, [...words, '--help'])
  expect(code, words.join(' ')).toBe(0)
  return out
}

/** The commands that a help lists, less `help` itself and the groups of a service. */
function commandsIn(help: string): readonly string[] {
  const own: string[] = ['help', ...ownGroups.map(({ name }) => name)]
  const blocks = help.split(/^\S.*:$/m).slice(1)
  const lines = blocks.flatMap((block) => [...block.matchAll(/^ {2}([a-z]+)(?:\|\w)?[ \n]/gm)])
  const options = /^Arguments:\n(?: +.*\n)+/m.exec(help)?.[0] ?? ''
  return lines
    .map(([, name]) => name ?? '')
    .filter((name) => !own.includes(name) && !options.includes(`  ${name} `) && name !== 'create')
}

async function allCommands(words: readonly string[] = []): Promise<readonly (readonly string[])[]> {
  const help = await helpOf(...words)
  const names = /^Usage: .*\bcommand[\]>]/m.test(help) || words.length === 0 ? commandsIn(help) : []
  const below = await Promise.all(names.map((name) => allCommands([...words, name])))
  return [words, ...below.flat()]
}

function examplesIn(help: string): readonly string[] {
  const [, block = ''] = /^Examples?:\n((?: {2}.*\n?)+)/m.exec(help) ?? []
  return block.split('\n').flatMap((line) => line.trim() || [])
}

describe('help', () => {
  it('of every command has an example', async () => {
    const commands = await allCommands()
    expect(commands.length).toBeGreaterThan(20)
    for (const words of commands) {
      const name = words.join(' ')
      expect(examplesIn(await helpOf(...words)), name).not.toEqual([])
    }
  })

  it('has examples that work', async () => {
    const root = await createdService('--features', 'database')
    for (const noun of ['resource', 'router', 'middleware', 'migration']) {
      for (const line of examplesIn(await helpOf('generate', noun))) {
        const [, ...words] = line.split(' ')
        const { code, err } = await run(root, [...words, '--dry-run'])
        expect(code, `${line}\n${err}`).toBe(0)
      }
    }
  })

  it('groups the commands', async () => {
    const help = await helpOf()
    const groups = [...help.matchAll(/^(\S.*):$/gm)].map(([, title]) => title)
    expect(groups).toEqual([
      'Arguments',
      'Options',
      'Start and grow',
      'Take back',
      'Daily work',
      "The service's own commands",
      'Commands',
      'Examples',
    ])
  })

  it('of a resource lists the types of fields', async () => {
    const help = await helpOf('generate', 'resource')
    for (const word of ['decimal:10,2', 'enum:draft,active', 'timestamp', 'optional', 'unique']) {
      expect(help).toContain(word)
    }
  })

  it.each([
    ['help generate resource', 'generate resource --help'],
    ['help dev test', 'dev test --help'],
    ['help g router', 'generate router --help'],
    ['help', '--help'],
  ])('%s prints what %s prints', async (words, same) => {
    expect(await run(elsewhere, words.split(' '))).toEqual(await run(elsewhere, same.split(' ')))
  })

  it.each([
    ['help genrate', 'Did you mean `create-service generate`?'],
    ['help generate resorce', 'Did you mean `create-service generate resource`?'],
    ['help dev tests', 'Did you mean `create-service dev test`?'],
  ])('%s is a usage error', async (words, hint) => {
    const { code, err } = await run(elsewhere, words.split(' '))
    expect(code).toBe(2)
    expect(err).toContain(hint)
  })

  it('lets g stand for generate', async () => {
    const root = await createdService('--preset', 'minimal')
    const { code, out } = await run(root, ['g', 'router', 'webhooks', '--dry-run'])
    expect(code).toBe(0)
    expect(out).toContain('webhooks.ts')
  })
})
