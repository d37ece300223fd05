import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Serving } from './processes.ts'

export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

/** Sends JSON to the resources of a served project, with the credentials of its caller. */
export class Sender {
  #headers: Readonly<Record<string, string>> = {}

  /** Logs in, and goes on with an API key, which outlasts restarts and long runs. */
  async logIn(
    server: Serving,
    { email, password }: { email: string; password: string },
  ): Promise<void> {
    const login = await this.send(server, 'POST', '/login', { email, password }, 'auth')
    if (login.status !== 200) throw new Error(JSON.stringify(login.body))
    this.#headers = { authorization: `Bearer ${login.body.accessToken}` }
    const scopes = ['products', 'sums'].flatMap((name) => [`${name}:read`, `${name}:write`])
    const made = await this.send(server, 'POST', '', { name: 'e2e', scopes }, 'api-keys')
    if (made.status !== 201) throw new Error(JSON.stringify(made.body))
    this.#headers = { 'x-api-key': String(made.body.key) }
  }

  async send(
    { url }: Serving,
    method: string,
    path: string,
    body?: Record<string, unknown>,
    resource = 'products',
  ): Promise<Answer> {
    const json = body !== undefined && { 'content-type': 'application/json' }
    const response = await fetch(`${url}/api/v1/${resource}${path}`, {
      method,
      headers: { ...this.#headers, ...json },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
  }
}

/** What a program prints on stdout alone. */
export async function stdoutOf(
  cwd: string,
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  return execFileSync(program, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

/** The given PostgreSQL with another database. */
export function databaseUrl(name: string): string {
  const url = new URL(process.env.DATABASE_URL ?? 'postgres://127.0.0.1')
  url.pathname = `/${name}`
  return url.href
}

/** Runs one statement in the given database with the client of the produced service. */
export function query(root: string, sql: string): void {
  const pg = createRequire(join(root, 'package.json')).resolve('pg')
  const script = `const { default: pg } = await import(${JSON.stringify(pg)})
    const client = new pg.Client(process.env.DATABASE_URL)
    await client.connect()
    await client.query(${JSON.stringify(sql)})
    await client.end()`
  execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
}
