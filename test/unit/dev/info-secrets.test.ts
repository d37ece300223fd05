import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { masked, maskValue, withoutCredentials } from '../../../src/dev/info/secrets.ts'

const described = {
  examples: new Map([
    ['GREETING', 'hello'],
    ['FLAG', 'false'],
    ['PLACE', 'https://u:w@zz.qq'],
    ['MAIL_PASSWORD', 'word'],
    ['PARTNER_LIMIT', '10'],
  ]),
  open: ['CORS_ORIGINS', 'AUTH_OIDC_ISSUER', 'RATE_LIMIT_TIERS', 'REDIS_KEY_PREFIX', 'STRIPE_KEY'],
  secrets: ['PARTNER_LIMIT'],
}

describe('maskValue', () => {
  it.each([
    ['NODE_ENV', 'production'],
    ['ENVIRONMENT', 'staging-1'],
    ['LOG_LEVEL', 'info'],
    ['APP_DEBUG', 'false'],
    ['HOST', '127.0.0.1'],
    ['HOST', '::1'],
    ['HOST', 'api.example.com'],
    ['PORT', '8000'],
    ['SMTP_PORT', '25'],
    ['DATABASE_POOL_SIZE', '10'],
    ['REQUEST_TIMEOUT_MS', '60000'],
    ['TRUST_PROXY', '10.0.0.0/8, loopback'],
    ['API_PREFIX', '/api/v1'],
    ['DATA_DIR', './.data'],
    ['DATABASE_URL', 'postgres://localhost:5432/app'],
    ['REDIS_URL', 'redis://my-cache-instance-1.abc.euw1.cache.amazonaws.com:6379/0'],
    ['BASE_URL', 'https://[::1]:8443/'],
    ['NODE_OPTIONS', '--enable-source-maps --max-old-space-size=4096'],
    ['GREETING', 'hello'],
    ['FLAG', 'true'],
    ['GREETING', 'other'],
    ['UNKNOWN_FLAG', 'true'],
    ['REGION', 'eu-west-1'],
    ['RELEASE', 'v1.20.3'],
    ['CACHE_WINDOW', '15m'],
    ['UPLOADS', './data/uploads'],
    ['LANGUAGES', 'en, de,fr'],
    ['TOKEN_TTL', '900'],
    ['KEY_SIZE', '4711'],
    ['SHIPPING', 'slow'],
    ['PARTNER_API', 'https://partner.example.com:8443'],
    // What the configuration declares and doesn't call secret.
    ['CORS_ORIGINS', 'https://app.example.com,https://admin.example.com'],
    ['AUTH_OIDC_ISSUER', 'https://login.example.com/d9428888-122b-11e1-b85c-61cd3cbb3210/v2.0'],
    ['RATE_LIMIT_TIERS', 'free:60/1m,gold:600/1m'],
    ['REDIS_KEY_PREFIX', 'my-app:'],
    ['EMPTY_TOKEN', ''],
  ])('shows %s=%s', (name, value) => {
    expect(maskValue(name, value, described)).toBe(value)
  })

  it.each([
    ['LOGIN', 'admin:hunter2'],
    ['JWT', 'hunter2'],
    ['HMAC', 'abcdef'],
    ['OPENAI', 'hunter22'],
    ['ENCRYPTION', 'hunter2'],
    ['PARTNER_CODE', 'x7'],
    ['TERMINAL_PIN', '4711'],
    ['SUPPORT', 'hunter2'],
    ['STRIPE_KEY', 'word'],
    ['AUTH_OIDC_ISSUER', 'ghp_abc'],
    ['CORS_ORIGINS', 'bob:word@zz.qq'],
    ['MAIL_PASSWORD', 'word'],
    ['PARTNER_LIMIT', '10'],
    ['HOST', 'admin:hunter2'],
    ['PORT', 'hunter2'],
    ['NODE_OPTIONS', '--require x --token word'],
    ['ENVIRONMENT', 'ghp_abc'],
    ['constructor', 'x7'],
  ])('masks %s=%s', (name, value) => {
    expect(maskValue(name, value, described)).toBe(masked)
  })

  it.each([
    ['postgres://user:word@db:5432/app', 'postgres://********:********@db:5432/app'],
    ['postgres://user@db/app', 'postgres://********:********@db/app'],
    ['redis://:word@cache:6379/0', 'redis://********:********@cache:6379/0'],
    ['postgres://user:a/b@db/app', masked],
    ['redis://cache/0?word=a@b', masked],
    ['postgres://u:w@one:1,two:2/app', 'postgres://********:********@one:1,two:2/app'],
    ['postgres://db/app?password=word', 'postgres://db/app?********'],
    ['postgres://db/app/word', 'postgres://db/********'],
    ['postgres://user:word', masked],
    ['postgres://db/app;word=x', masked],
    ['https://one.example,https://u:word@two.example', masked],
    ['guest:word@localhost:5672', masked],
    ['localhost', masked],
  ])('shows of the address %s: %s', (value, shown) => {
    expect(maskValue('DATABASE_URL', value)).toBe(shown)
  })

  it.each([
    ['https://bob:word@zz.qq/hook/word', 'https://********:********@zz.qq/********'],
    ['https://zz.qq?word', 'https://zz.qq?********'],
    ['https://hooks.slack.com/services/T0/B0/abcdef', 'https://hooks.slack.com/********'],
  ])('shows of the address %s where something is: %s', (value, shown) => {
    expect(maskValue('BASE_URL', value)).toBe(shown)
    expect(maskValue('ANY', value)).toBe(shown)
    expect(maskValue('OPEN', value, { examples: new Map(), open: [], secrets: [] })).toBe(shown)
  })

  it.each([
    'DB_PASSWORD',
    'PGPASSWD',
    'MYSQL_PWD',
    'JWT_SECRET',
    'GITHUB_TOKEN',
    'STRIPE_KEY',
    'apiKey',
    'AWS_CREDENTIALS',
    'SENTRY_DSN',
    'PRIVATE_THING',
    'BASIC_AUTH',
    'SLACK_WEBHOOK_URL',
    'COOKIE',
    'DATABASE_CONNECTION_STRING',
  ])('masks %s by its name, even if the example has it', (name) => {
    const examples = new Map([[name, 'x']])
    expect(maskValue(name, 'x', { examples, open: [], secrets: [] })).toBe(masked)
  })

  it.each([
    'sk_live_abc',
    'sk-proj-abc',
    'ghp_abc',
    'github_pat_abc',
    'glpat-abc',
    'xoxb-1-abc',
    'AKIAABCDEF',
    'npm_abc',
    'Bearer abc',
    'eyJhbGci.eyJzdWIi.abc',
    '-----BEGIN PRIVATE KEY-----\nabc',
    'd9428888-122b-11e1-b85c-61cd3cbb3210',
    '0123456789abcdef0123456789abcdef',
    'Zm9vYmFyYmF6cXV4MTIzNDU2',
    'host=db password=word',
    '{"api_key": "word"}',
    '--require x --token word',
    'Server=db;User Id=u;Password=word',
  ])('masks %s by its look, even if the example has it', (value) => {
    const examples = new Map([['SETTING', value]])
    expect(maskValue('SETTING', value, { examples, open: [], secrets: [] })).toBe(masked)
  })

  const character = fc.constantFrom(...'abcdefGHIJ0123456789@:/?#%!$&=+-_.~,; '.split(''))
  const secret = fc
    .array(character, { minLength: 4, maxLength: 40 })
    .map((characters) => characters.join(''))
  const places: readonly (readonly [string, (it: string) => string])[] = [
    ['DATABASE_URL', (it: string) => `postgres://xx:${it}@zz.qq:1/rr`],
    ['DATABASE_URL', (it: string) => `postgres://${it}@zz.qq/rr`],
    ['REDIS_URL', (it: string) => `redis://:${it}@zz.qq:1`],
    ['REDIS_URL', (it: string) => `redis://zz.qq:1/0?x=${it}`],
    ['OTHER', (it: string) => `password=${it} host=zz`],
    ['OTHER', (it: string) => `{"token":"${it}"}`],
    ['OTHER', (it: string) => `ghp_${it.trim() || 'x'}`],
    ['OTHER', (it: string) => `Bearer ${it.trim() || 'x'}`],
    ['MY_SECRET', (it: string) => it],
  ]

  it('lets nothing of a secret through', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom(...places), (word, [name, wrapped]) => {
        const shown = maskValue(name, wrapped(word)).toLowerCase()
        for (let at = 0; at + 4 <= word.length; at += 1) {
          const part = word.slice(at, at + 4)
          // What stands in every address says nothing about the secret.
          if (!'postgres://xx:@zz.qq:1/rr redis://zz.qq:1/0?x='.includes(part)) {
            expect(shown).not.toContain(part.toLowerCase())
          }
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('shows no value that mixes letters and digits as passwords do, unless it is declared', () => {
    const letters = fc.constantFrom(...'abcdefGHIJ'.split(''))
    const mixed = fc
      .tuple(fc.array(letters, { minLength: 1, maxLength: 12 }), fc.nat(), letters)
      .map(([before, number, after]) => `${before.join('')}${number}${after}`)
      .filter((text) => !/^v\d/i.test(text))
    const words = 'OUR MY DB LOGIN CODE OPENAI SLACK USER PORTAL HOSTS'.split(' ')
    const name = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(name, mixed, (parts, it) => {
        expect(maskValue(parts.join('_'), it, described)).toBe(masked)
        expect(maskValue('CORS_ORIGINS', it, described)).toBe(it)
      }),
      { numRuns: 2000 },
    )
  })

  it('shows of well-known variables no more than their shape allows', () => {
    const names = ['PORT', 'WORKERS', 'APP_DEBUG', 'LOG_PRETTY', 'CI']
    fc.assert(
      fc.property(fc.constantFrom(...names), secret, (name, it) => {
        const isPlain = /^(?:\d{1,12}(?:\.\d+)?|true|false|on|off|yes|no)$/.test(it)
        expect(maskValue(name, it) === masked || isPlain).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('withoutCredentials', () => {
  it.each([
    [
      'git+https://bob:word@github.com/a/b.git#main',
      'git+https://********@github.com/a/b.git#main',
    ],
    ['git+ssh://git@github.com/a/b.git', 'git+ssh://********@github.com/a/b.git'],
    ['^5.0.0', '^5.0.0'],
    ['GET http://127.0.0.1:1/@scope%2fx', 'GET http://127.0.0.1:1/@scope%2fx'],
    ['npm:@scope/x@1', 'npm:@scope/x@1'],
  ])('of %s leaves %s', (text, left) => {
    expect(withoutCredentials(text)).toBe(left)
  })
})
