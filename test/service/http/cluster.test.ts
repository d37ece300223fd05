import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type TestContext, test } from 'vitest'
import { RawRequest } from '../../support/raw-request.ts'

const patient = { timeout: 300_000 }

const script = fileURLToPath(new URL('../support/workers.mjs', import.meta.url))

/** A primary with two workers that answer with their process ids. */
class Cluster {
  readonly lines: Record<string, unknown>[] = []
  stderr = ''
  readonly #child: ReturnType<typeof start>
  readonly #ended: Promise<unknown[]>

  constructor(context: TestContext) {
    this.#child = start()
    this.#ended = once(this.#child, 'close')
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk
    })
    createInterface(this.#child.stdout).on('line', (line) => this.lines.push(JSON.parse(line)))
    context.onTestFinished(() => {
      this.#child.kill('SIGKILL')
    })
  }

  with(msg: string): Record<string, unknown>[] {
    return this.lines.filter((line) => line.msg === msg)
  }

  /** Every worker that has ever listened, the first one first. */
  get workers(): number[] {
    return this.with('listens').map((line) => Number(line.pid))
  }

  get url(): string {
    return `http://127.0.0.1:${this.with('listens')[0]?.port}`
  }

  /** Which worker answers. */
  async ask(): Promise<number> {
    return Number(await (await fetch(this.url)).text())
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Exit code and signal, once no process has its output open. */
  ended(): Promise<unknown[]> {
    return this.#ended
  }
}

function start() {
  return spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] })
}

async function listening(context: TestContext) {
  const cluster = new Cluster(context)
  await context.expect.poll(() => cluster.with('every worker listens'), patient).toHaveLength(1)
  // Each worker reports it by itself, so this may come later.
  await context.expect.poll(() => cluster.workers, patient).toHaveLength(2)
  return cluster
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test.concurrent('all workers answer, a killed one is replaced, and all drain', async (context) => {
  const { expect } = context
  const cluster = await listening(context)
  const [killed = 0, kept = 0] = cluster.workers
  expect(new Set([await cluster.ask(), await cluster.ask()])).toEqual(new Set([killed, kept]))

  process.kill(killed, 'SIGKILL')
  await expect
    .poll(() => cluster.with('worker ended'), patient)
    .toMatchObject([{ worker: killed, exit_code: 137 }])
  expect(await cluster.ask()).toBe(kept)
  await expect.poll(() => cluster.workers, patient).toHaveLength(3)
  const [, , replacement = 0] = cluster.workers
  expect(new Set([await cluster.ask(), await cluster.ask()])).toEqual(new Set([kept, replacement]))

  const open = new RawRequest(cluster.url)
  open.write('GET / HTTP/1.1\r\nhost: test\r\n')
  // The connection before these was accepted, by whichever worker.
  await cluster.ask()
  await cluster.ask()
  cluster.kill('SIGTERM')
  await expect.poll(() => [kept, replacement].filter(isAlive), patient).toHaveLength(1)
  open.write('\r\n')
  expect((await open.answer()).head).toMatch(/^HTTP\/1\.1 200 /)
  expect(await cluster.ended()).toEqual([0, null])
  expect(cluster.stderr).toBe('')
})

test.concurrent('no worker outlives a killed primary', async (context) => {
  const { expect } = context
  const cluster = await listening(context)
  cluster.kill('SIGKILL')
  // Its output ends with the last process that holds it.
  expect(await cluster.ended()).toEqual([null, 'SIGKILL'])
})
