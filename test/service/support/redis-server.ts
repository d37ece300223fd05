import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

/** A Redis of its own, which a test may kill and freeze. Its data outlives a kill. */
export class RedisServer {
  readonly url: string
  readonly #port: number
  readonly #folder: string
  #process: ChildProcess | undefined

  private constructor(port: number, folder: string) {
    this.url = `redis://127.0.0.1:${port}`
    this.#port = port
    this.#folder = folder
  }

  static async start(): Promise<RedisServer> {
    const folder = await mkdtemp(join(tmpdir(), 'redis-'))
    const server = new RedisServer(await freePort(), folder)
    await server.restart()
    return server
  }

  async restart(): Promise<void> {
    const settings = { port: this.#port, bind: '127.0.0.1', dir: this.#folder, save: '' }
    const durable = { appendonly: 'yes', appendfsync: 'always' }
    const args = Object.entries({ ...settings, ...durable }).flatMap(([name, value]) => [
      `--${name}`,
      String(value),
    ])
    this.#process = spawn('redis-server', args, { stdio: 'ignore' })
    const client = new Redis(this.url, { retryStrategy: () => 20, maxRetriesPerRequest: null })
    client.on('error', () => {})
    await client.ping()
    client.disconnect()
  }

  async kill(): Promise<void> {
    const process = this.#process
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return
    const exited = once(process, 'exit')
    process.kill('SIGKILL')
    await exited
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#process?.kill('SIGCONT')
  }

  async stop(): Promise<void> {
    await this.kill()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
