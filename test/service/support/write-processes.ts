import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Env } from '../../../src/config/index.ts'
import type { TestRedis } from '../../support/redis.ts'

const script = fileURLToPath(new URL('write-stream.mjs', import.meta.url))

/** One line that a writer wrote. */
export interface Applied {
  readonly id: string
  readonly key: string
  readonly value: string
}

/** Processes that share a stream of writes, and the file that these end in. */
export class WriteProcesses {
  readonly #env: Env
  readonly #folder: string
  readonly #all = new Set<WriteProcess>()

  static async create({ env }: Pick<TestRedis, 'env'>): Promise<WriteProcesses> {
    return new WriteProcesses(env, await mkdtemp(join(tmpdir(), 'writes-')))
  }

  private constructor(env: Env, folder: string) {
    this.#env = env
    this.#folder = folder
  }

  /** Where everything is written to. */
  get file(): string {
    return join(this.#folder, 'applied')
  }

  /** @param env with an `ID` it adds writes, too */
  start(env: Env = {}): WriteProcess {
    const process = new WriteProcess({ ...this.#env, APPLIED: this.file, ...env })
    this.#all.add(process)
    return process
  }

  /** The values that any process was told are accepted, by key, in that order. */
  accepted(): Map<string, string[]> {
    const values = new Map<string, string[]>()
    for (const line of [...this.#all].flatMap((process) => process.lines)) {
      const [word, key = '', value = ''] = line.split(' ')
      if (word === 'accepted') values.set(key, [...(values.get(key) ?? []), value])
    }
    return values
  }

  /** What has been written, in that order; what was repeated is there several times. */
  applied(): Applied[] {
    if (!existsSync(this.file)) return []
    const lines = readFileSync(this.file, 'utf8').trimEnd().split('\n')
    return lines.map((line) => {
      const [id = '', key = '', value = ''] = line.split(' ')
      return { id, key, value }
    })
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#all].map((process) => process.kill()))
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** `write-stream.mjs` in a process of its own. */
export class WriteProcess {
  readonly lines: string[] = []
  readonly #child: ChildProcess
  readonly #closed: Promise<unknown[]>
  #hasEnded = false

  constructor(env: Env) {
    this.#child = spawn(process.execPath, [script], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#closed = once(this.#child, 'close').finally(() => {
      this.#hasEnded = true
    })
    if (this.#child.stdout) {
      createInterface(this.#child.stdout).on('line', (line) => this.lines.push(line))
    }
  }

  /** Resolves when it has said something that begins so. */
  async said(text: string): Promise<void> {
    while (!this.lines.some((line) => line.startsWith(text))) {
      if (this.#hasEnded) throw new Error(`It ended: ${this.lines.join('\n')}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  /** Resolves when it has ended and all that it said is in `lines`. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<{ code: unknown }> {
    this.#child.kill(signal)
    const [code] = await this.#closed
    return { code }
  }

  /** Stops it in the middle of whatever it does, or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal)
  }
}
