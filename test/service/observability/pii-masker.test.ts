import { describe, expect, test } from 'vitest'
import { type MaskedType, PIIMasker } from '../../../src/observability/pii-masker.ts'
import corpus from '../support/pii-corpus.json' with { type: 'json' }

const masker = new PIIMasker()
const secret = 'ada@example.com'

/** Whatever a reader of a log could find of a value. */
function logged(value: unknown): string {
  return JSON.stringify(masker.mask(value)) ?? 'undefined'
}

describe('the corpus', () => {
  const cases = (corpus as readonly { input: unknown; expected?: unknown; type: string }[]).map(
    ({ input, expected = input, type }) => ({ type, input, expected }),
  )

  test.each(cases)('$type: $input', ({ input, expected }) => {
    expect(masker.mask(input)).toEqual(expected)
    expect(masker.mask(expected)).toEqual(expected)
    expect(masker.mask({ list: [{ input }] })).toEqual({ list: [{ input: expected }] })
  })

  const objects = cases.filter(({ input }) => typeof input === 'object')

  test.each(objects)('$type as text: $input', ({ input, expected }) => {
    const wrapped = [input, JSON.stringify(input), JSON.stringify({ body: JSON.stringify(input) })]
    const texts = wrapped.map((it) => (typeof it === 'string' ? it : JSON.stringify(it)))
    const masked = [
      JSON.stringify(expected),
      JSON.stringify(expected),
      JSON.stringify({ body: JSON.stringify(expected) }),
    ]
    expect(texts.map((text) => masker.mask(text))).toEqual(masked)
  })
})

describe('values', () => {
  test.each<[string, unknown]>([
    ['a Map', new Map([['note', secret]])],
    ['a Map with a secret name', new Map([['password', 'hunter2 ada']])],
    ['a Map with objects for keys', new Map([[{ secret }, secret]])],
    ['a Set', new Set([secret])],
    ['a Buffer', Buffer.from(secret)],
    ['a typed array', new TextEncoder().encode(secret)],
    ['an ArrayBuffer', new TextEncoder().encode(secret).buffer],
    ['a URL', new URL(`https://example.com/?token=abc&email=${secret}`)],
    ['a boxed string', new String(secret)],
    [
      'a class instance',
      new (class {
        email = secret
      })(),
    ],
    ['an object without a prototype', Object.assign(Object.create(null), { email: secret })],
    ['toJSON', { toJSON: () => ({ email: secret }) }],
    ['toJSON within toJSON', { toJSON: () => ({ toJSON: () => secret }) }],
    ['a name that is an address', { [secret]: 1 }],
    ['an object named __proto__', JSON.parse(`{"__proto__":{"email":"${secret}"}}`)],
    ['an error', new Error(`no ${secret}`)],
    ['an error with members', Object.assign(new Error('no'), { detail: secret })],
    ['a cause', new Error('outer', { cause: new Error('inner', { cause: secret }) })],
    ['an aggregate', new AggregateError([new Error(secret), secret], 'several')],
    ['an array in an array', [[[secret]]]],
    ['a proxy', new Proxy({ email: secret }, {})],
  ])('%s shows nothing', (_name, value) => {
    expect(logged({ value })).not.toMatch(/ada/)
    expect(logged(value)).not.toMatch(/ada/)
  })

  test('an error keeps what tells where it happened', () => {
    const error = new TypeError(`no ${secret}`, { cause: new RangeError('low') })
    expect(masker.mask(error)).toMatchObject({
      name: 'TypeError',
      message: 'no a***@example.com',
      stack: expect.stringMatching(/^TypeError: no a\*\*\*@example\.com\n +at /),
      cause: { name: 'RangeError', message: 'low' },
    })
  })

  test('numbers, dates and so on stay what they are', () => {
    const value = {
      a: 1,
      b: 0.5,
      c: true,
      d: null,
      e: new Date(0),
      f: [1],
      g: '',
      h: -1,
      i: Number.NaN,
    }
    expect(masker.mask(value)).toEqual(value)
    expect(masker.mask(value)).not.toBe(value)
    expect(logged({ count: 12n, when: new Date(Number.NaN), what: /x/, symbol: Symbol('x') })).toBe(
      '{"count":"12","when":null,"what":{}}',
    )
  })

  test('the original is left alone', () => {
    const value = Object.freeze({
      user: Object.freeze({ email: secret, list: Object.freeze([secret]) }),
    })
    masker.mask(value)
    expect(value.user.list).toEqual([secret])
  })

  test.each([
    ['an object', 'password', { deep: { er: 'hunter2' } }],
    ['an array', 'apiKey', ['hunter2']],
    ['a number', 'pin', 1234],
    ['a big number', 'otp', 123456n],
    ['a Map', 'client_secret', new Map([['a', 'hunter2']])],
    ['a Buffer', 'privateKey', Buffer.from('hunter2')],
    ['an empty text', 'PASSWORD', ''],
  ])('%s in a secret field is hidden as a whole', (_name, field, value) => {
    expect(masker.mask({ [field]: value })).toEqual({ [field]: '********' })
  })

  test.each(['tokens', 'maxTokens', 'pass', 'secrets'])('a number in %s is a count', (field) => {
    expect(masker.mask({ [field]: 150 })).toEqual({ [field]: 150 })
    expect(masker.mask(`${field}=150`)).toBe(`${field}=150`)
    expect(masker.mask({ [field]: ['hunter2'] })).toEqual({ [field]: '********' })
  })

  test.each([null, undefined, true, false])('%s in a secret field hides nothing', (value) => {
    expect(masker.mask({ a: 1, hasPassword: value })).toEqual({ a: 1, hasPassword: value })
  })

  test.each([
    'password',
    'passwordHash',
    'newPassword',
    'password2',
    'password_confirmation',
    'DB_PASSWORD',
    'PGPASSWORD',
    'userpassword',
    'passwd',
    'pwd',
    'passphrase',
    'secret',
    'clientSecret',
    'SecretString',
    'client-secret',
    'token',
    'accessToken',
    'access_token',
    'X-Auth-Token',
    'x-csrf-token',
    'id_token',
    'tokenValue',
    'refreshtoken',
    'jwt',
    'apiKey',
    'api_key',
    'apikey',
    'APIKey',
    'X-Api-Key',
    'OPENAI_API_KEY',
    'privateKey',
    'AWS_SECRET_ACCESS_KEY',
    'authorization',
    'Proxy-Authorization',
    'cookie',
    'Set-Cookie',
    'cookies',
    'sessionId',
    'connect.sid',
    'credentials',
    'cvv',
    'CVC',
    'pin',
    'otp',
    'pinCode',
    'user.password',
    'tax_id',
    'driver_license',
    'ssn',
    'credit_card',
    'auth',
    'pass',
  ])('the field %s is secret', (field) => {
    expect(masker.mask({ [field]: 'hunter2x' })).toEqual({ [field]: '********' })
    expect(masker.mask(`${field}=hunter2x`)).toBe(`${field}=********`)
    expect(masker.mask(`"${field}": "hunter2x"`)).toBe(`"${field}": "********"`)
  })

  test.each([
    'tokenCount',
    'token_type',
    'tokenExpiresAt',
    'secretary',
    'secretName',
    'keyId',
    'primaryKey',
    'publicKey',
    'key',
    'keyboard',
    'passenger',
    'passport_office',
    'passwordPolicy',
    'passwordChangedAt',
    'author',
    'authorId',
    'authorized',
    'pinned',
    'spin',
    'shipping',
    'cookieName',
    'sessionCount',
    'cardinality',
    'phoneVerified',
    'ssnRequired',
    'hash',
    'signature',
    'code',
  ])('the field %s is open', (field) => {
    expect(masker.mask({ [field]: 'hunter2x' })).toEqual({ [field]: 'hunter2x' })
    expect(masker.mask(`${field}=hunter2x`)).toBe(`${field}=hunter2x`)
  })
})

describe('faults', () => {
  const broken = () => {
    throw new Error(secret)
  }
  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    return proxy
  }

  test.each<[string, object]>([
    [
      'a getter that throws',
      Object.defineProperty({ ok: 1 }, 'bad', { get: broken, enumerable: true }),
    ],
    ['toJSON that throws', { ok: 1, bad: { toJSON: broken } }],
    ['a proxy that throws', { ok: 1, bad: new Proxy({ secret }, { ownKeys: broken }) }],
    ['a revoked proxy', { ok: 1, bad: revoked() }],
    ['a name that throws', { ok: 1, bad: new Map([[{ toString: broken }, secret]]) }],
    ['valueOf that throws', { ok: 1, bad: Object.create({ valueOf: broken }) }],
  ])('%s costs its field alone', (_name, value) => {
    expect(masker.mask(value)).toEqual({ ok: 1 })
    expect(logged(value)).not.toContain('ada')
  })

  test('a fault outside of any field hides everything', () => {
    expect(masker.mask(revoked())).toBe('********')
    expect(masker.mask({ toJSON: broken })).toBe('********')
  })

  test('a fault in onMasked costs what was to be masked', () => {
    const faulty = new PIIMasker({ onMasked: broken })
    expect(faulty.mask({ ok: 1, email: secret, password: 'x' })).toEqual({ ok: 1 })
    expect(faulty.mask(secret)).toBe('********')
  })

  test('onMasked may mask', () => {
    const seen: string[] = []
    const outer: PIIMasker = new PIIMasker({
      onMasked: () => seen.push(masker.mask('b@example.com c@example.com')),
    })
    expect(outer.mask(`x ${secret} y ${secret}`)).toBe('x a***@example.com y a***@example.com')
    expect(seen).toEqual(Array(2).fill('b***@example.com c***@example.com'))
  })

  test('cycles end', () => {
    const value: { self?: unknown; email: string; map: Map<string, unknown> } = {
      email: secret,
      map: new Map(),
    }
    value.self = value
    value.map.set('self', value)
    const error = new Error('x')
    error.cause = error
    expect(masker.mask(value)).toEqual({
      self: '[circular]',
      email: 'a***@example.com',
      map: { self: '[circular]' },
    })
    expect(masker.mask(error)).toMatchObject({ cause: '[circular]' })
  })

  test('what is shared is shown each time', () => {
    const shared = { email: secret }
    expect(masker.mask([shared, shared])).toEqual(Array(2).fill({ email: 'a***@example.com' }))
  })

  test('a mesh of objects takes no more time than it has objects', () => {
    let mesh: unknown = secret
    for (let level = 0; level < 9; level += 1) mesh = Array(40).fill(mesh)
    expect(masker.mask(mesh)).toHaveLength(40)
  })

  test.each([12, 1_000, 50_000])('%i levels end at the tenth', (levels) => {
    let deep: unknown = secret
    for (let level = 0; level < levels; level += 1) deep = { deep }
    expect(logged(deep)).toBe(`${'{"deep":'.repeat(11)}"[too deep]"${'}'.repeat(11)}`)
  })

  test('no number of names fills the memory', () => {
    for (let count = 0; count < 5_000; count += 1) {
      expect(masker.mask({ [`n${count}Password`]: 'x' })).toEqual({
        [`n${count}Password`]: '********',
      })
    }
  })
})

test('onMasked hears each type, once', () => {
  const types: MaskedType[] = []
  const counting = new PIIMasker({
    onMasked: (type) => types.push(type),
    patterns: [{ name: 'employee', pattern: 'EMP-\\d+' }],
  })
  const text = [
    secret,
    '+44 20 7946 0958',
    '4111111111111111',
    'ssn 219-09-9999',
    'AKIAIOSFODNN7EXAMPLE',
    'pin=1234',
    'EMP-7',
  ].join(' | ')
  counting.mask(counting.mask(text))
  expect(types.toSorted()).toEqual(['card', 'custom', 'email', 'field', 'key', 'phone', 'ssn'])
})
