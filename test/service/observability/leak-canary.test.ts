import { sql } from 'drizzle-orm'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { transaction } from '../../../src/db/client.ts'
import { testApp } from '../../support/app.ts'
import { answer, Callee } from '../../support/callee.ts'
import { testCredentials } from '../../support/client.ts'
import { specimenBody } from '../../support/factories/specimen.factory.ts'
import { ServerProcess } from '../../support/server-process.ts'

/*
 * Sends secrets and personal data through every input of a service that logs all it can. None of it
 * may be in a log line or in the body of an error.
 */

/** What is sent, and what of it nobody may find. */
const values = {
  email: { sent: 'canary.ada@example.com', needles: ['canary.ada'] },
  phone: { sent: '555-867-5309', needles: ['867-5309', '555-867'] },
  'international phone': { sent: '+49 170 8675309', needles: ['170 8675', '170+8675', '8675309'] },
  card: { sent: '4111-1111-1111-1234', needles: ['4111'] },
  'card without separators': { sent: '4111111111111111', needles: ['411111'] },
  'social security number': { sent: '123-45-6789', needles: ['123-45', '6789'] },
  'secret key': { sent: 'sk_live_canary51H8y7Qw2Er9Tz4', needles: ['canary51', 'Er9Tz4'] },
  'access key': { sent: 'AKIAIOSFODNN7EXAMPLE', needles: ['IOSFODNN'] },
  token: {
    sent: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW',
    needles: ['eyJzdWIi', 'dBjftJeZ'],
  },
  'URL with a password': { sent: 'postgres://app:canary7pw@db/app', needles: ['canary7pw'] },
}

/** What only the name of its field betrays. */
const hidden = 'hunter2canary'
const cursor = Buffer.from(JSON.stringify([hidden])).toString('base64url')
const basic = Buffer.from(`ada:${hidden}`).toString('base64')

const lines: string[] = []
let app: FastifyInstance
let callee: Callee
let credentials: Record<string, string>

/** The service, with routes that fail and log in every way. */
async function start(requestLogging: string): Promise<void> {
  callee = await new Callee().start()
  const env = { LOG_LEVEL: 'trace', REQUEST_LOGGING_ENABLED: requestLogging, APP_DEBUG: 'true' }
  const settings = { ...env, EXAMPLE_URL: callee.url, CIRCUIT_BREAKER_FAILURE_THRESHOLD: '999' }
  app = await testApp(settings, { logStream: { write: (line) => void lines.push(line) } })
  app.get('/fine/:value', async () => ({}))
  app.post<{ Body: { value: string } }>('/sql/uuid', async ({ body }) =>
    app.db.execute(sql`SELECT ${body.value}::uuid`),
  )
  app.post<{ Body: { value: string } }>('/sql/wrapped', async ({ body }) => {
    try {
      await app.db.execute(sql`SELECT ${body.value}::int, ${hidden}::text`)
    } catch (error) {
      throw new AggregateError([error], `Not saved: ${error}`, { cause: { reason: error } })
    }
  })
  app.post<{ Body: { value: string } }>('/sql/raised', async ({ body }) =>
    transaction(app.db, async (tx) => {
      await tx.execute(sql`CREATE TEMPORARY TABLE canaries (value text UNIQUE) ON COMMIT DROP`)
      for (let count = 0; count < 2; count += 1) {
        await tx.execute(sql`INSERT INTO canaries VALUES (${body.value}), (${hidden})`)
      }
    }),
  )
  app.post<{ Body: { value: string } }>('/callee', async ({ body, signal }) =>
    app.exampleClient?.getPrice(body.value, signal),
  )
  app.post<{ Body: { value: string } }>('/throw', async ({ body }) => {
    throw new Error(`no ${body.value}`, { cause: `neither ${body.value}` })
  })
  app.post<{ Body: { value: string } }>('/throw/text', async ({ body }) => {
    throw `no ${body.value}`
  })
  app.post<{ Body: { value: string } }>('/log', async ({ body: { value }, log, headers }) => {
    const user = { name: value, password: hidden, passwordHash: hidden }
    log.info(`message ${value}`)
    log.warn({ user, list: [[value]], json: JSON.stringify(user), headers }, 'members %s', value)
    log.child({ user, [value]: 1 }).debug({ at: new Map([['a', value]]) }, 'child')
    log.error({ failure: new Error(value), reasons: [new Error(value)] }, 'errors')
    log.error({ err: new Error('outer', { cause: new AggregateError([new Error(value)], value) }) })
    log.error(Object.assign(new Error(value), { value, secret: hidden }), `again: ${value}`)
    const cyclic: Record<string, unknown> = { value, secret: hidden, size: 1n }
    log.error({ cyclic: Object.assign(cyclic, { cyclic }) }, 'cyclic')
    return {}
  })
  credentials = await testCredentials(app)
}

const json = { 'content-type': 'application/json' }

/** Every way in: requests that bring `value`, and `hidden` where a name says that it is secret. */
function requestsWith(value: string): InjectOptions[] {
  const prefix = `${app.config.server.apiPrefix}/`
  const encoded = encodeURIComponent(value)
  const post = (url: string, payload: object | string, headers = {}): InjectOptions => ({
    method: 'POST',
    url,
    headers: { ...json, ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  })
  const form = `email=${encoded}&comment=${encoded.replaceAll('%20', '+')}&password=${hidden}`
  const isPlain = encoded === value
  const specimen = { ...specimenBody(), title: value, note: value, meta: { value, token: hidden } }
  const unknown = value.includes('/') ? {} : { [value]: 1 }
  return [
    ...['nowhere/', 'specimens/', 'specimens/x?id='].flatMap((path) => [
      { url: `${prefix}${path}${encoded}`, headers: credentials },
      { url: `${prefix}${path}${isPlain ? value : encoded}/%zz`, headers: credentials },
    ]),
    { url: `/fine/${encoded}` },
    { url: `/nowhere?q=${encoded}&password=${hidden}&access_token=${hidden}&${encoded}=1` },
    {
      url: `${prefix}specimens?status=${encoded}&cursor=${encoded}&sort=${encoded}`,
      headers: credentials,
    },
    { url: `${prefix}specimens?cursor=${cursor}`, headers: credentials },
    ...[
      'x-request-id accept accept-language user-agent referer origin forwarded x-forwarded-for',
      'x-real-ip from traceparent tracestate if-match if-none-match x-custom host range expect',
    ]
      .join(' ')
      .split(' ')
      .map((name) => ({ url: '/nowhere', headers: { [name]: value } })),
    { url: '/nowhere', headers: { referer: `https://app.example/?token=${hidden}&q=${encoded}` } },
    { url: '/nowhere', headers: { cookie: `sid=${hidden}; mail=${value}`, 'x-api-key': hidden } },
    { url: '/nowhere', headers: { 'proxy-authorization': `Basic ${basic}` } },
    // Refused credentials.
    ...[`Bearer ${value}`, `Bearer ${hidden}`, `Basic ${basic}`, value].map((authorization) => ({
      url: `${prefix}specimens`,
      headers: { authorization },
    })),
    { url: `${prefix}specimens`, headers: { 'x-api-key': value } },
    post(`${prefix}auth/login`, { email: value, password: hidden }),
    post(`${prefix}auth/login`, { email: 'canary.ada@example.com', password: hidden }),
    post(`${prefix}auth/refresh`, { refreshToken: hidden }),
    // Accepted, refused as a duplicate, and invalid in every way.
    post(`${prefix}specimens`, specimen, credentials),
    post(`${prefix}specimens`, specimen, credentials),
    post(`${prefix}specimens`, { ...specimen, code: value }, credentials),
    ...Object.keys(specimen).map((field) =>
      post(
        `${prefix}specimens`,
        { ...specimen, [field]: { value, password: hidden } },
        credentials,
      ),
    ),
    ...Object.keys(specimen).map((field) =>
      post(`${prefix}specimens`, { ...specimen, [field]: value, ...unknown }, credentials),
    ),
    post(`${prefix}specimens`, [specimen, { password: hidden }], credentials),
    post(`${prefix}specimens`, JSON.stringify(value), credentials),
    // Other bodies.
    post(`${prefix}specimens`, `{"title":"${value}","password":"${hidden}"`, credentials),
    post(`${prefix}specimens`, `${value}{"password":"${hidden}"}`, credentials),
    post('/nowhere', form, { 'content-type': 'application/x-www-form-urlencoded' }),
    post('/nowhere', form, { 'content-type': `text/${encoded}; a="${value}"` }),
    post('/nowhere', value, { 'content-encoding': 'gzip' }),
    // What goes wrong further inside.
    ...['sql/uuid', 'sql/wrapped', 'sql/raised', 'callee', 'throw', 'throw/text', 'log'].map(
      (name) => post(`/${name}`, { value }, { authorization: `Bearer ${hidden}` }),
    ),
  ]
}

/** Ids and times are made at random, or by the clock, so any digits may be in them. */
const chance = /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|\b[\da-f]{32}\b|\d{4}-\d\d-\d\dT[\d:.]+Z/g

function findings(text: string, needles: readonly string[]): string[] {
  const all = [...needles, hidden, basic, cursor]
  const sent = text.replaceAll(chance, '')
  return [sent, unescape(sent)].flatMap((it) => all.filter((needle) => it.includes(needle)))
}

describe.each(['true', 'false'])('with REQUEST_LOGGING_ENABLED=%s', (requestLogging) => {
  beforeAll(() => start(requestLogging))

  afterAll(async () => {
    await app.close()
    await callee.stop()
  })

  test.each(Object.entries(values))('%s leaves no trace', async (_type, { sent, needles }) => {
    lines.length = 0
    callee.answer = answer(500, sent)
    const leaks: string[] = []
    const statuses = new Set<number>()
    for (const request of requestsWith(sent)) {
      const before = lines.length
      const response = await app.inject(request)
      const what = `${request.method ?? 'GET'} ${request.url} ${JSON.stringify(request.headers)}`
      expect(lines.length, what).toBeGreaterThan(before)
      statuses.add(response.statusCode)
      if (response.statusCode >= 400 && findings(response.body, needles).length > 0) {
        leaks.push(`${what}\n  answered ${response.body}`)
      }
      for (const line of lines.slice(before)) {
        if (findings(line, needles).length > 0) leaks.push(`${what}\n  logged ${line}`)
      }
    }
    expect(leaks.join('\n')).toBe('')
    for (const status of [200, 201, 400, 401, 404, 409, 415, 417, 422, 500, 502]) {
      expect(statuses, `${status}`).toContain(status)
    }
    expect(lines.join('')).toContain('***')
  })
})

const crash = new URL('../support/crash.mjs', import.meta.url)

test('a crash, and a second one while the service shuts down, leave no trace', async (context) => {
  const sent = Object.values(values).map((value) => value.sent)
  const server = await ServerProcess.start({
    NODE_OPTIONS: `--import ${crash.href}`,
    CRASH_MESSAGE: `no ${sent.join(' nor ')}, password=${hidden}`,
    SHUTDOWN_TIMEOUT_MS: '60000',
  })
  context.onTestFinished(() => server.stop())
  await server.listening()
  // An open connection keeps it from ending before the second crash.
  const open = fetch(`${server.url}/health/live`)
  await open
  server.signal('SIGUSR2')
  await server.line('crashed')
  server.signal('SIGHUP')
  expect(await server.exit()).toEqual({ code: 1, signal: null })
  const output = server.lines.join('\n') + server.stderr
  expect(output).toContain('crashed')
  const needles = Object.values(values).flatMap((value) => value.needles)
  expect(findings(output, needles)).toEqual([])
})

test('a start that fails leaves no trace of the password in DATABASE_URL', async (context) => {
  const DATABASE_URL = `postgres://app:${hidden}@127.0.0.1:1/app`
  const server = await ServerProcess.start({ DATABASE_URL })
  context.onTestFinished(() => server.stop())
  expect((await server.exit()).code).toBe(1)
  expect(findings(server.lines.join('\n') + server.stderr, [])).toEqual([])
})
