import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, type TestContext, test, vi } from 'vitest'
import { emptyDatabase, postgresUrl } from '../../support/database.ts'
import { neededEnv } from '../../support/environment.ts'
import { runStages, type Stage } from '../support/dockerfile.ts'

const service = fileURLToPath(new URL('../../../', import.meta.url))
const hasDockerfile = existsSync(join(service, 'Dockerfile'))
if (!hasDockerfile) console.info('Skipped: tests of the image. The service has no Dockerfile.')
if (!postgresUrl) console.info('Skipped: tests that start the image. Set DATABASE_URL to run them.')

/** A process of its own process namespace, where it is number 1, as in a container. */
const asFirstProcess = ['unshare', '--fork', '--pid', '--mount-proc']
const canUnshare = spawnSync('unshare', [...asFirstProcess.slice(1), 'true']).status === 0
if (!canUnshare) console.info('Not run as process 1: unshare is not allowed here.')

let folder = ''
let stages: Map<string, Stage>
let image: Stage

beforeAll(() => {
  if (!hasDockerfile) return
  folder = mkdtempSync(join(tmpdir(), 'image-'))
  stages = runStages(service, folder)
  image = stages.get('runtime') as Stage
})
afterAll(() => {
  if (folder) rmSync(folder, { recursive: true })
})

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return String(typeof address === 'object' ? address?.port : '')
}

/** What `docker run -e …` starts: the image's command, or another one. */
function start(env: Record<string, string>, command: string[] = image.command): ChildProcess {
  const [program = '', ...args] = canUnshare ? [...asFirstProcess, ...command] : command
  const { PATH = '' } = process.env
  return spawn(program, args, {
    cwd: join(image.root, image.workdir),
    env: { PATH, ...image.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Runs a command of the image to its end. */
async function run(env: Record<string, string>, command?: string[]) {
  const child = start(env, command)
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  const [exitCode] = await once(child, 'close')
  return { exitCode, output }
}

/** Sends a signal to the service, which may run in a namespace below `child`. */
function signal({ pid = 0 }: ChildProcess, name: NodeJS.Signals): void {
  const below = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  process.kill(canUnshare ? Number(below) : pid, name)
}

describe.skipIf(!hasDockerfile)('the image', () => {
  test('is built from a lock file and runs without development dependencies', () => {
    expect(stages.get('build')?.commands[0]).toMatch(/^npm ci\b/)
    expect(stages.get('dependencies')?.commands).toEqual([
      expect.stringMatching(/^npm ci --omit=dev\b/),
    ])
    const app = join(image.root, image.workdir)
    expect(readdirSync(app).sort()).toEqual(
      ['dist', 'docs', 'migrations', 'node_modules', 'package.json'].sort(),
    )
    expect(image.user).toBe('node')
    expect(image.command[0]).toBe('node')
  })

  test('imports no development dependency but those that may be missing', () => {
    const { dependencies } = JSON.parse(readFileSync(join(service, 'package.json'), 'utf8'))
    const dist = join(image.root, image.workdir, 'dist')
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    const imported = files
      .filter((file) => file.endsWith('.js'))
      .flatMap((file) => [
        ...readFileSync(join(dist, file), 'utf8').matchAll(
          /^(?:import|export) (?:[^'\n]* from )?'([^'.\n][^'\n]*)'/gm,
        ),
      ])
      .map(([, name = '']) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      )
      .filter((name) => !name.startsWith('node:'))
    expect([...new Set(imported)].filter((name) => !(name in dependencies))).toEqual([])
  })

  test('refuses to start without DATABASE_URL, and says so', async () => {
    const { exitCode, output } = await run({ ...neededEnv, DATABASE_URL: '' })
    expect(exitCode).toBe(1)
    expect(output).toMatch(/DATABASE_URL is not set; .* because NODE_ENV is production/)
  })

  async function healthy(env: Record<string, string>): Promise<boolean> {
    return (await run(env, image.healthCheck)).exitCode === 0
  }

  async function serve(context: TestContext) {
    const { url, drop } = await emptyDatabase()
    context.onTestFinished(drop)
    const env = { ...neededEnv, DATABASE_URL: url, PORT: await freePort() }
    const server = start(env)
    server.stdout?.resume()
    const ended = once(server, 'exit')
    context.onTestFinished(async () => {
      if (server.exitCode === null) signal(server, 'SIGKILL')
      await ended
    })
    const alive = () =>
      fetch(`http://127.0.0.1:${env.PORT}/health/live`).then(
        ({ ok }) => ok,
        () => false,
      )
    await vi.waitUntil(alive, { timeout: 50_000, interval: 100 })
    return { env, server, ended }
  }

  test.skipIf(!postgresUrl)('is healthy once `db migrate` has run, and stops', async (context) => {
    const { env, server, ended } = await serve(context)
    const hasMigrations = readdirSync(join(service, 'migrations')).some((it) => it.endsWith('.sql'))
    expect(await healthy(env)).toBe(!hasMigrations)
    const migrated = await run(env, ['node', 'dist/cli/main.js', 'db', 'migrate'])
    expect(migrated).toMatchObject({ exitCode: 0 })
    // The failed check counts for a moment.
    await expect.poll(() => healthy(env), { timeout: 60_000 }).toBe(true)
    signal(server, 'SIGTERM')
    expect(await ended).toEqual([0, null])
    expect(await healthy(env)).toBe(false)
  })
})
