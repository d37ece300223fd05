import { createHmac, generateKeyPairSync, type KeyObject, sign as signWith } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { User } from '../../../src/auth/auth.model.ts'
import { testApp } from '../../support/app.ts'
import { expectProblem } from '../../support/problem.ts'
import { loginOf, me, newUser } from '../../support/users.ts'
import { type Changes, forge, hs256, partsOf, type Sign, unsigned } from '../support/forge.ts'

// Each attack on access tokens by name, on a route that every known caller may use.

const now = () => Math.floor(Date.now() / 1000)
/** With the right secret, which the app of each test has. */
const hs512: Sign = (input) =>
  createHmac('sha512', app.config.auth.jwtSecret ?? '')
    .update(input)
    .digest()

const other = 'another secret that is long enough to be one'

let app: FastifyInstance
let user: User
let good: string
let secret: Sign

beforeAll(async () => {
  app = await testApp()
  user = await newUser(app)
  good = (await loginOf(app, user)).accessToken
  secret = hs256(app.config.auth.jwtSecret ?? '')
})

afterAll(() => app.close())

async function expectRefused(token: string, on = app): Promise<void> {
  const response = await me(on, token)
  expectProblem(response, 401, 'unauthorized')
  expect(response.headers['www-authenticate']).toMatch(/^Bearer realm=".+", error="invalid_token"/)
}

test('a token is accepted, and so is one that is signed like ours', async () => {
  expect((await me(app, good)).json()).toMatchObject({ id: user.id })
  expect((await me(app, forge(good, {}, secret))).statusCode).toBe(200)
})

describe.each<[string, Changes, Sign | undefined]>([
  ['alg none', { header: { alg: 'none' } }, unsigned],
  ['alg none in mixed case', { header: { alg: 'nOnE' } }, unsigned],
  ['an empty signature', {}, unsigned],
  ['another secret', {}, hs256(other)],
  ['another algorithm than that of the key', { header: { alg: 'HS512' } }, hs512],
  ['an unknown kid', { header: { kid: 'unknown' } }, undefined],
  ['no kid', { header: { kid: undefined } }, undefined],
  ['a kid that is a path', { header: { kid: '../../dev/null' } }, hs256('')],
  ['its own key in the header', { header: { jwk: { kty: 'oct', k: 'a2V5' } } }, hs256('key')],
  ['a critical extension', { header: { crit: ['x'], x: 1 } }, undefined],
  ['another typ', { header: { typ: 'JWT' } }, undefined],
  ['no typ', { header: { typ: undefined } }, undefined],
  ['an exp that has passed', { payload: { exp: now() - 60 } }, undefined],
  ['no exp', { payload: { exp: undefined } }, undefined],
  ['an nbf in the future', { payload: { nbf: now() + 60 } }, undefined],
  ['another audience', { payload: { aud: 'another-service' } }, undefined],
  ['no audience', { payload: { aud: undefined } }, undefined],
  ['another issuer', { payload: { iss: 'https://evil.example' } }, undefined],
  ['no issuer', { payload: { iss: undefined } }, undefined],
  ['no sid', { payload: { sid: undefined } }, undefined],
  ['a sid that is not a UUID', { payload: { sid: "' OR 1=1 --" } }, undefined],
  ['no sub', { payload: { sub: undefined } }, undefined],
])('a token with %s', (_name, changes, sign) => {
  test('is refused', async () => {
    await expectRefused(forge(good, changes, sign ?? secret))
  })
})

test('a tampered token is refused', async () => {
  const [head, , signature] = good.split('.')
  const { payload } = partsOf(good)
  const body = Buffer.from(JSON.stringify({ ...payload, roles: ['admin'] })).toString('base64url')
  await expectRefused(`${head}.${body}.${signature}`)
  const flipped = good.at(-10) === 'A' ? 'B' : 'A'
  await expectRefused(`${good.slice(0, -10)}${flipped}${good.slice(-9)}`)
})

test('the session of one user does not work for another', async () => {
  const { id } = await newUser(app, { roles: ['admin'] })
  await expectRefused(forge(good, { payload: { sub: id } }, secret))
})

test('roles and permissions come from the account, not from the token', async () => {
  const token = forge(good, { payload: { roles: ['admin'], permissions: ['all'] } }, secret)
  expect((await me(app, token)).json()).toMatchObject({ roles: ['user'], permissions: [] })
})

test('a refresh token is not an access token', async () => {
  const { refreshToken } = await loginOf(app, user)
  await expectRefused(refreshToken)
})

test('a cached token is not accepted as an API key', async () => {
  expect((await me(app, good)).statusCode).toBe(200)
  const headers = { 'x-api-key': good }
  expectProblem(await app.inject({ url: '/api/v1/auth/me', headers }), 401, 'unauthorized')
})

test.each([
  ['Basic dXNlcjpwYXNz'],
  ['Bearer'],
  ['Bearer one two'],
  [`Bearer ${'x'.repeat(8_000)}`],
  ['Bearer a.b.c'],
  ['Bearer e30.e30.'],
])('"%.20s" is refused', async (authorization) => {
  const response = await app.inject({ url: '/api/v1/auth/me', headers: { authorization } })
  expectProblem(response, 401, 'unauthorized')
})

test('two credentials are refused: either one could be meant', async () => {
  const headers = { authorization: `Bearer ${good}`, 'x-api-key': 'ak_x' }
  expectProblem(await app.inject({ url: '/api/v1/auth/me', headers }), 401, 'unauthorized')
})

test('only an expired token is told why it is refused', async () => {
  const expired = await me(app, forge(good, { payload: { exp: now() - 60 } }, secret))
  expect(expired.json().detail).toBe('The access token has expired.')
  const wrong = await me(app, forge(good, { payload: { aud: 'x' } }, secret))
  expect(wrong.json().detail).toBe('The access token is not valid.')
})

describe.each([
  ['Ed25519', 'EdDSA', () => generateKeyPairSync('ed25519')],
  ['P-256', 'ES256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' })],
] as const)('with an %s key', (_name, algorithm, generate) => {
  let paired: FastifyInstance
  let publicKey: KeyObject
  let token: string

  beforeAll(async () => {
    const pair = generate()
    publicKey = pair.publicKey
    const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    // With an earlier secret HS256 is an accepted algorithm.
    const earlier = { AUTH_JWT_PREVIOUS_KEYS: other }
    paired = await testApp({ AUTH_JWT_PRIVATE_KEY: pem.replaceAll('\n', '\\n'), ...earlier })
    token = (await loginOf(paired, await newUser(paired))).accessToken
  })

  afterAll(() => paired.close())

  test('a token is accepted and names the key that signed it', async () => {
    expect((await me(paired, token)).statusCode).toBe(200)
    const { keys } = (await paired.inject('/.well-known/jwks.json')).json()
    expect(keys).toMatchObject([{ alg: algorithm, kid: partsOf(token).header.kid, use: 'sig' }])
    expect(keys[0]).not.toHaveProperty('d')
  })

  test('key confusion is refused: the public key is not a shared secret', async () => {
    const encodings = [
      publicKey.export({ type: 'spki', format: 'pem' }),
      publicKey.export({ type: 'spki', format: 'der' }),
      JSON.stringify(publicKey.export({ format: 'jwk' })),
      String(publicKey.export({ format: 'jwk' }).x),
    ]
    for (const key of encodings) {
      await expectRefused(forge(token, { header: { alg: 'HS256' } }, hs256(key)), paired)
    }
  })

  test('another key pair is refused, also when the header brings it', async () => {
    const theirs = generate()
    const sign: Sign = (input) => {
      const key = { key: theirs.privateKey, dsaEncoding: 'ieee-p1363' as const }
      return signWith(algorithm === 'ES256' ? 'sha256' : null, Buffer.from(input), key)
    }
    const jwk = theirs.publicKey.export({ format: 'jwk' })
    await expectRefused(forge(token, {}, sign), paired)
    await expectRefused(forge(token, { header: { jwk } }, sign), paired)
    await expectRefused(forge(token, { header: { jwk, kid: undefined } }, sign), paired)
  })

  test('a secret that is not among the previous keys is refused', async () => {
    await expectRefused(good, paired)
  })
})
