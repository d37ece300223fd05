// What a produced service costs over bare Fastify, each part alone and all together, and beside Express
// and Nest with the same equipment. Exits 1 under a limit. Words choose lines: `npm run service -- CORS`.
import { join } from 'node:path'
import { folder, own, run } from './projects.mjs'
import { compare } from './service/load.mjs'
import { origin } from './service/measured.mjs'
import { compareScrapes } from './service/scrape.mjs'
import { compareStarts } from './service/start.mjs'

const words = process.argv.slice(2)
const { DATABASE_URL, REDIS_URL } = process.env

function produced() {
  const parent = folder()
  run(parent, [...own, './app', '--yes', '--without', 'docker', '--no-git'])
  const app = join(parent, 'app')
  const fields = ['name:string', 'price:decimal:10,2', 'stock:int=0']
  run(app, [...own, 'generate', 'resource', 'Product', ...fields, '--public', '--yes'])
  run(app, ['npm', 'run', 'build'])
  return app
}

async function bench() {
  const app = produced()
  // No request is refused, so that every one costs the same.
  const env = {
    AUTH_JWT_SECRET: 'a secret that only benches know, and nobody else does',
    AUTH_REGISTRATION_ENABLED: 'true',
    CORS_ORIGINS: origin,
    MIGRATE_ON_START: 'true',
    OVERLOAD_EVENT_LOOP_DELAY_MS: '60000',
    RATE_LIMIT_ADDRESS_LIMIT: '10000000',
    RATE_LIMIT_DEFAULT_LIMIT: '10000000',
    REDIS_URL: '',
  }

  const bare = { file: 'fastify.mjs', args: [app] }
  const alone = (...parts) => ({ file: 'fastify.mjs', args: [app, ...parts], env })
  const whole = (settings, ...modes) => ({
    file: 'whole.mjs',
    args: [app, ...modes],
    env: { ...env, ...settings },
  })
  const resource = (CACHE_STORE, mode) => ({
    file: 'resource.mjs',
    args: [app, mode],
    env: { ...env, CACHE_STORE },
  })
  const cached = { awake: false, least: 1.5 }
  const oneLimit = { REDIS_URL, RATE_LIMIT_ADDRESS_LIMIT: '0' }
  const errors = 'http/errors#errors'

  const comparisons = [
    { name: 'bare Fastify : itself', ours: bare },
    { name: 'CORS : bare', ours: alone('http/cors#cors') },
    { name: 'security headers : bare', ours: alone('http/security-headers#securityHeaders') },
    { name: 'request id : bare', ours: alone('http/diagnostics#requestId') },
    { name: 'metrics : bare', ours: alone('http/metering#metering') },
    { name: 'access log : bare', ours: alone('access-log') },
    { name: 'errors : bare', ours: alone(errors) },
    { name: 'protocol : bare', ours: alone(errors, 'http/client-errors#protocol') },
    { name: 'draining : bare', ours: alone('http/shutdown#draining') },
    { name: 'load shedding : bare', ours: alone(errors, 'http/load-shedding#loadShedding') },
    {
      name: 'address limit in memory : bare',
      ours: alone(errors, 'rate-limit/plugin#addressLimit'),
    },
    // All of the above, a limit of the route, and finding out who asks.
    { name: 'all together : bare', ours: whole(), least: 0.36 },
    {
      name: 'all together, request logging on : bare',
      ours: whole({ REQUEST_LOGGING_ENABLED: 'true' }),
      least: 0.12,
    },
    { name: 'all together, a known caller : bare', ours: whole({}, 'known'), least: 0.36 },
    {
      name: 'all together : Express 5',
      ours: whole(),
      theirs: { file: 'express.mjs', env },
      least: 5.5,
    },
    { name: 'all together : Nest 12', ours: whole(), theirs: { file: 'nest.mjs', env }, least: 9 },
    {
      name: 'a cached item : the same from PostgreSQL',
      ours: resource('memory', 'item'),
      theirs: resource('none', 'item'),
      ...cached,
    },
    {
      name: 'a cached list : the same from PostgreSQL',
      ours: resource('memory', 'list'),
      theirs: resource('none', 'list'),
      ...cached,
    },
  ]
  if (REDIS_URL) {
    const theirs = whole({ ...oneLimit, RATE_LIMIT_ENABLED: 'false' }, 'evalsha')
    comparisons.push(
      {
        name: 'a limit in Redis : a script that does nothing',
        ours: whole(oneLimit),
        theirs,
        awake: false,
        least: 0.9,
      },
      { name: 'both limits in Redis : the same', ours: whole({ REDIS_URL }), theirs, awake: false },
    )
  } else {
    console.log('Left out: limits in Redis; set REDIS_URL to compare them too.')
  }

  let ok = true
  for (const each of comparisons) {
    if (words.length > 0 && !words.some((word) => each.name.includes(word))) continue
    ok = (await compare({ theirs: bare, ...each })) && ok
  }
  if (words.length === 0 || words.some((word) => 'a scrape'.includes(word))) {
    ok = (await compareScrapes(app, env, { time: 20 })) && ok
  }
  if (words.length === 0 || words.some((word) => 'cold start'.includes(word))) {
    ok = (await compareStarts(app, env, { time: 4, memory: 2 })) && ok
  }
  return ok
}

// A service in production names its database.
if (DATABASE_URL) process.exitCode = (await bench()) ? 0 : 1
else console.log('Left out: everything; set DATABASE_URL to an empty PostgreSQL database.')
