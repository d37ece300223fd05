import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort, type Serving, serving, succeed } from './processes.ts'
import { databaseUrl } from './served.ts'

/*
 * Two instances of a service in production, with everything that they need, and that can fail.
 */

/** Runs work again and again, several at a time, until the result is called. */
export function again(times: number, pauseMs: number, work: () => Promise<unknown>) {
  let isOver = false
  const loops = Array.from({ length: times }, async () => {
    while (!isOver) {
      // Refused connections are part of some faults.
      await work().catch(() => {})
      await sleep(pauseMs)
    }
  })
  return async () => {
    isOver = true
    await Promise.all(loops)
  }
}

/** A service that another one calls. It knows the price of everything. */
export class PriceService {
  /** Decides what becomes of a request, by what it asks for. */
  statusOf: (sku: string) => number = () => 200
  readonly #server = createServer(({ url = '' }, response) => {
    const sku = url.replace('/prices/', '')
    response.statusCode = this.statusOf(sku)
    response.end(JSON.stringify({ amount: sku === 'free' ? '0' : '1', currency: 'EUR' }))
  })

  async start(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

/** A Redis of its own, which tests may kill. */
export class OwnRedis {
  #child: ChildProcess | undefined
  #port = 0

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`
  }

  async start(): Promise<void> {
    this.#port ||= await freePort()
    const words = `--port ${this.#port} --bind 127.0.0.1 --appendonly no --save`.split(' ')
    const child = spawn('redis-server', [...words, ''], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#child = child
    for await (const line of child.stdout) if (String(line).includes('Ready to accept')) break
    child.stdout.resume()
  }

  async kill(): Promise<void> {
    if (this.#child === undefined || this.#child.exitCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
  }
}

/** A database of its own, on the given PostgreSQL. */
export class OwnDatabase {
  readonly #name = `create_service_live_${process.pid}_${randomBytes(3).toString('hex')}`

  get url(): string {
    return databaseUrl(this.#name)
  }

  create(): Promise<void> {
    return this.#tell(`CREATE DATABASE ${this.#name}`)
  }

  drop(): Promise<void> {
    return this.#tell(`DROP DATABASE IF EXISTS ${this.#name} WITH (FORCE)`)
  }

  /** Ends all connections and refuses new ones, until the result is called. */
  async refuse(): Promise<() => Promise<void>> {
    const allow = (isAllowed: boolean) =>
      this.#tell(`ALTER DATABASE ${this.#name} ALLOW_CONNECTIONS ${isAllowed}`)
    await allow(false)
    const theirs = `FROM pg_stat_activity WHERE datname = '${this.#name}'`
    await this.#tell(`SELECT pg_terminate_backend(pid) ${theirs}`)
    return () => allow(true)
  }

  /** Keeps everybody else from a table for so long, again and again. */
  lock(table: string, seconds: number): () => Promise<void> {
    return again(1, 50, () =>
      this.#tell(
        `BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(${seconds}); COMMIT`,
        this.url,
      ),
    )
  }

  async #tell(statements: string, url = process.env.DATABASE_URL ?? ''): Promise<void> {
    const client = new pg.Client(url)
    await client.connect()
    try {
      await client.query(statements)
    } finally {
      await client.end()
    }
  }
}

/** No request may make series, so a test needs a route to make too many of them; and a cached one. */
const routes = `
  app.get('/offer', { config: { access: 'public', cache: { ttl: 5, tags: ['offers'] } } }, async () => ({
    amount: '1',
  }))
  const { businessMetrics } = await import('../observability/business.ts')
  app.post('/too-many-labels', { config: { access: 'public' } }, async () => {
    const { usage } = app.metrics.of(businessMetrics)
    for (let i = 0; i < 600; i += 1) {
      usage.with({ feature_name: \`feature \${i}\`, user_type: 'anonymous' }).inc()
    }
    return {}
  })
}
`

/** Adds routes for what HTTP alone cannot reach, and compiles the service. */
export async function compileForFaults(root: string): Promise<void> {
  const file = join(root, 'src/resources/index.ts')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(/\n}\n$/, routes))
  await succeed(root, ['npm', 'run', 'build'])
}

export interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

interface Sent {
  readonly method?: string
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** One process of a service, whose address for scrapes stays the same when it starts again. */
export class Instance {
  readonly #root: string
  readonly #env: Readonly<Record<string, string>>
  readonly #files: number
  #serving: Serving | undefined

  /** @param files how many files it may have open */
  static async start(
    root: string,
    env: Readonly<Record<string, string>>,
    files: number,
  ): Promise<Instance> {
    const instance = new Instance(root, { ...env, METRICS_PORT: `${await freePort()}` }, files)
    await instance.start()
    return instance
  }

  private constructor(root: string, env: Readonly<Record<string, string>>, files: number) {
    this.#root = root
    this.#env = env
    this.#files = files
  }

  /** Where Prometheus finds it. */
  get target(): string {
    return `127.0.0.1:${this.#env.METRICS_PORT}`
  }

  get url(): string {
    return this.#serving?.url ?? ''
  }

  async start(): Promise<void> {
    const limited = `ulimit -n ${this.#files}; exec node --enable-source-maps dist/server.js`
    const words = (port: number) => ['env', `PORT=${port}`, 'sh', '-c', limited]
    this.#serving = await serving(this.#root, words, this.#env)
  }

  async kill(): Promise<void> {
    await this.#serving?.stop('SIGKILL', 'group')
  }

  async send(path: string, { method, body, headers }: Sent = {}): Promise<Answer> {
    const json = body !== undefined && { 'content-type': 'application/json' }
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { 'x-forwarded-for': someAddress(), ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
  }
}

/** The address of a client that has not called before, so that limits let it pass. */
function someAddress(): string {
  return ['10', ...randomBytes(3)].join('.')
}

/** What production needs to be told, for faults that need not take minutes. */
export const productionEnv = {
  NODE_ENV: 'production',
  AUTH_JWT_SECRET: 'a secret of a test, which is long enough',
  AUTH_REGISTRATION_ENABLED: 'true',
  MIGRATE_ON_START: 'true',
  // The limit of addresses would end the load that all comes from here.
  RATE_LIMIT_ADDRESS_LIMIT: '0',
  RATE_LIMIT_DEFAULT_LIMIT: '1000000',
  TRUST_PROXY: 'loopback',
  // So many at a time wait for a locked table, and leave some for health checks.
  DATABASE_POOL_SIZE: '30',
  SLOW_REQUEST_MS: '2000',
}
