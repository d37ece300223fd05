import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { accessTokens } from '../../../src/auth/tokens.ts'
import { ConfigError, type Env, loadConfig } from '../../../src/config/index.ts'

const secret = 'x'.repeat(32)
const oidc = {
  AUTH_OIDC_ISSUER: 'https://id.example.com/',
  AUTH_OIDC_AUDIENCE: 'api',
}

function pem(type: 'ed25519' | 'p256' | 'p384' | 'rsa'): string {
  const generate = {
    ed25519: () => generateKeyPairSync('ed25519'),
    rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    p256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    p384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  }
  const { privateKey } = generate[type]()
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function faultsOf(env: Env): string[] {
  try {
    loadConfig({ NODE_ENV: 'production', DATABASE_URL: 'postgres://localhost/app', ...env })
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expect(error.message).not.toContain(env.AUTH_JWT_SECRET || 'PRIVATE KEY')
    return error.faults.map(({ variable }) => variable)
  }
}

test('production needs a secret; development and tests have one', () => {
  expect(faultsOf({})).toEqual(['AUTH_JWT_SECRET'])
  expect(() => loadConfig({ NODE_ENV: 'production' })).toThrow('openssl rand -base64 48')
  for (const environment of ['development', 'test']) {
    expect(loadConfig({ NODE_ENV: environment }).auth.jwtSecret).toBeDefined()
  }
})

test.each<Env>([
  { AUTH_JWT_SECRET: secret },
  { AUTH_JWT_PRIVATE_KEY: pem('ed25519') },
  { AUTH_JWT_PRIVATE_KEY: pem('p256').replaceAll('\n', '\\n') },
  { AUTH_JWT_SECRET: secret, AUTH_JWT_PREVIOUS_KEYS: `${secret}y, ${pem('p256')}` },
  oidc,
  { ...oidc, AUTH_JWT_SECRET: secret },
])('%# is enough for production', (env) => {
  expect(faultsOf(env)).toEqual([])
})

test.each<[Env, string]>([
  [{ AUTH_JWT_SECRET: 'x'.repeat(31) }, 'AUTH_JWT_SECRET'],
  [{ AUTH_JWT_PRIVATE_KEY: pem('rsa') }, 'AUTH_JWT_PRIVATE_KEY'],
  [{ AUTH_JWT_PRIVATE_KEY: pem('p384') }, 'AUTH_JWT_PRIVATE_KEY'],
  [{ AUTH_JWT_PRIVATE_KEY: 'nonsense' }, 'AUTH_JWT_PRIVATE_KEY'],
  [{ AUTH_JWT_SECRET: secret, AUTH_JWT_PREVIOUS_KEYS: 'short' }, 'AUTH_JWT_PREVIOUS_KEYS'],
  [{ AUTH_JWT_SECRET: secret, AUTH_JWT_PREVIOUS_KEYS: pem('rsa') }, 'AUTH_JWT_PREVIOUS_KEYS'],
  [{ ...oidc, AUTH_OIDC_ISSUER: 'http://id.example.com/' }, 'AUTH_OIDC_ISSUER'],
  [{ ...oidc, AUTH_OIDC_ISSUER: 'id.example.com' }, 'AUTH_OIDC_ISSUER'],
  [{ ...oidc, AUTH_OIDC_ISSUER: 'https://[' }, 'AUTH_OIDC_ISSUER'],
  [{ ...oidc, AUTH_OIDC_AUDIENCE: '' }, 'AUTH_OIDC_AUDIENCE'],
  [{ ...oidc, AUTH_JWT_SECRET: secret, AUTH_OIDC_ISSUER: '' }, 'AUTH_OIDC_ISSUER'],
])('%# is refused with the name of the variable', (env, variable) => {
  expect(faultsOf(env)).toEqual([variable])
})

test('each key has one algorithm and its own name; only public parts are published', async () => {
  const { auth } = loadConfig({
    NODE_ENV: 'test',
    AUTH_JWT_PRIVATE_KEY: pem('ed25519'),
    AUTH_JWT_PREVIOUS_KEYS: `${pem('p256')},${secret}`,
  })
  const { jwks = [] } = (await accessTokens(auth)) ?? {}
  expect(jwks.map(({ alg }) => alg)).toEqual(['EdDSA', 'ES256'])
  expect(new Set(jwks.map(({ kid }) => kid)).size).toBe(2)
  for (const jwk of jwks) expect(jwk).not.toHaveProperty('d')
})
