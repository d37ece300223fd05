import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Command } from 'commander'
import { afterAll, describe, expect, it } from 'vitest'
import { buildProgram } from '../../src/cli/main.ts'
import { copiedService } from '../support/copied-service.ts'
import { freePort } from '../support/processes.ts'
import { hasTerminals, processesOf, Terminal } from '../support/terminal.ts'
import { temporaryFolder } from '../support/tree.ts'

/*
 * Every command is run with nobody there to answer: without a terminal, with an input that stays
 * open and silent, and at a terminal where no key is pressed.
 */

const limitMs = 180_000

const root = copiedService()
const own = join(root, 'node_modules/.bin/create-service')
for (const mark of readdirSync(join(root, 'test'))) {
  if (mark !== 'unit' && mark !== 'support') rmSync(join(root, 'test', mark), { recursive: true })
}
rmSync(join(root, 'test/unit/db'), { recursive: true, force: true })

/** Words after a command that make it do something, where it takes any. */
const samples: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'generate resource': [['Book', 'title:string', '--dry-run']],
  'generate router': [['webhooks', '--dry-run']],
  'generate middleware': [['audit', '--dry-run']],
  'generate migration': [['add_roles', '--dry-run']],
  add: [['docker']],
  features: [[]],
  'destroy resource': [['Nothing']],
  'destroy router': [['nothing']],
  'destroy middleware': [['nothing']],
  'destroy migration': [['nothing']],
  undo: [['--list']],
  status: [[]],
  doctor: [['--deploy']],
  'dev lint': [['src/app.ts'], ['--fix']],
  'dev format': [['--check']],
  'dev typecheck': [['--strict']],
  'dev test': [['test/unit', '-k', 'nothing of the kind']],
  'dev quality': [[]],
  'dev serve': [],
  'dev clean': [['--dry-run']],
  'dev deps': [[]],
  'dev info': [['--all']],
  'dev run': [['node', '--version']],
  cache: [['info'], ['keys']],
  config: [['show'], ['check']],
  db: [['status'], ['migrate'], ['check'], ['seed']],
  monitor: [
    ['status', '--interval', '0.1'],
    ['metrics', '--interval', '0.1'],
  ],
  users: [['list'], ['create', 'nobody@example.com']],
}

const leaves = leavesOf(buildProgram(() => async () => {}, silentIo()))

function leavesOf(command: Command, words: readonly string[] = []): readonly string[] {
  if (command.commands.length === 0) return [words.join(' ')]
  return command.commands.flatMap((sub) => leavesOf(sub, [...words, sub.name()]))
}

function silentIo() {
  return {
    cwd: root,
    env: {},
    interactive: false,
    color: { out: false, err: false },
    out: () => {},
    err: () => {},
    now: () => new Date(),
  }
}

/** Command lines of every command: alone, and with what it takes; and of the program itself. */
const lines: readonly (readonly string[])[] = [
  [],
  ['--help'],
  ['generate'],
  ['dev'],
  ['destroy'],
  ...leaves
    .filter((leaf) => leaf !== 'dev serve' && leaf !== 'dev test' && leaf !== 'dev deps')
    .map((leaf) => leaf.split(' ')),
  ...leaves.flatMap((leaf) => (samples[leaf] ?? []).map((more) => [...leaf.split(' '), ...more])),
]

/** Ask at a terminal when they are alone. */
const asking = ['generate resource', 'generate router', 'generate middleware', 'generate migration']

const none = { CI: undefined, DATABASE_URL: undefined, REDIS_URL: undefined, NODE_ENV: undefined }

interface Ended {
  readonly code: number | null
  readonly output: string
}

/** Runs a command whose input stays open and silent; ends it, and fails, after the time limit. */
async function runSilently(
  cwd: string,
  words: readonly string[],
  more: Record<string, string | undefined> = {},
): Promise<Ended> {
  const child = spawn(own, words, {
    cwd,
    env: { ...process.env, ...none, ...more },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), limitMs)
  const [code, signal] = await once(child, 'close')
  clearTimeout(timer)
  expect(signal, `${words.join(' ')} waits\n${output}`).toBeNull()
  return { code, output }
}

afterAll(() => {
  expect(processesOf(root)).toEqual([])
})

it('has words to try for every command', () => {
  expect(Object.keys(samples).sort()).toEqual([...leaves].sort())
})

describe('without a terminal', () => {
  it.each(lines.map((words) => [words.join(' ') || '(alone)', words] as const))(
    'create-service %s ends',
    async (_, words) => {
      const { code, output } = await runSilently(root, words)
      expect(output).not.toContain('◆')
      // Nothing that failed for want of an answer looks like success.
      if (asking.includes(words.join(' '))) expect(code, output).toBe(2)
    },
  )

  it.each([
    ['no folder', [], 2],
    ['flags alone', ['--preset', 'minimal', '--no-install'], 2],
    ['a command of projects', ['generate', 'resource'], 2],
    ['a folder', ['./app', '--no-install', '--no-git'], 0],
  ] as const)('create-service with %s outside a project ends', async (_, words, expected) => {
    const { code, output } = await runSilently(temporaryFolder(), words)
    expect(output).not.toContain('◆')
    expect(code, output).toBe(expected)
  })

  it('dev serve serves until it is stopped', async () => {
    const port = await freePort()
    const child = spawn(own, ['dev', 'serve', '-p', `${port}`], {
      cwd: root,
      env: { ...process.env, ...none },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let output = ''
    const ready = new Promise<void>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          output += chunk
          if (output.includes('/health/ready')) resolve()
        })
      }
    })
    const closed = once(child, 'close')
    await Promise.race([ready, closed])
    child.kill('SIGTERM')
    expect((await closed)[0], output).toBe(0)
  })
})

describe.skipIf(!hasTerminals)('at a terminal where no key is pressed', () => {
  it.each(lines.map((words) => [words.join(' ') || '(alone)', words] as const))(
    'create-service %s ends, or asks and can be cancelled',
    async (name, words) => {
      const terminal = new Terminal(root, [own, ...words], 120, none)
      try {
        if (asking.includes(name)) {
          await terminal.shows('◆', limitMs / 1000)
          terminal.press('\x03')
          expect(await terminal.end(), terminal.output).toBe(130)
          expect(stripVTControlCharacters(terminal.output)).toContain('Nothing was written.')
        } else {
          await terminal.shows('exit code', limitMs / 1000)
          expect(terminal.output).not.toContain('◆')
        }
      } finally {
        await terminal.close()
      }
    },
  )

  it.each([
    ['--yes', ['--yes'], {}],
    ['--json', ['--json'], {}],
    ['CI', [], { CI: 'true' }],
  ] as const)('asks nothing with %s', async (_, flags, env) => {
    for (const words of [['generate', 'resource'], ['add'], ['generate', 'router']]) {
      const terminal = new Terminal(root, [own, ...words, ...flags], 120, { ...none, ...env })
      try {
        await terminal.shows('exit code 2', 60)
        expect(terminal.output).not.toContain('◆')
      } finally {
        await terminal.close()
      }
    }
  })
})
