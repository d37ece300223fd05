import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { readSigningKeys } from '../../../src/auth/signing-keys.ts'
import { ConfigError, type Env, loadConfig } from '../../../src/config/index.ts'

const secret = 'x'.repeat(32)
const oidc = {
  AUTH_OIDC_ISSUER: 'https://id.example.com/',
  AUTH_OIDC_JWKS_URL: 'https://id.example.com/jwks.json',
  AUTH_OIDC_AUDIENCE: 'api',
}

function pem(type: 'ed25519' | 'p256' | 'p384' | 'rsa'): string {
  const { privateKey } =
    type === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : type === 'rsa'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 })
        : generateKeyPairSync('ec', { namedCurve: type === 'p256' ? 'P-256' : 'P-384' })
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

test('no secret has a default outside of development and tests', () => {
  expect(faultsOf({})).toEqual(['AUTH_JWT_SECRET'])
  expect(() => loadConfig({ NODE_ENV: 'production' })).toThrow('openssl rand -base64 48')
  for (const environment of ['development', 'test']) {
    expect(loadConfig({ NODE_ENV: environment }).auth.jwtSecret).toBeDefined()
  }
})

test.each([
  [{ AUTH_JWT_SECRET: secret }],
  [{ AUTH_JWT_PRIVATE_KEY: pem('ed25519') }],
  [{ AUTH_JWT_PRIVATE_KEY: pem('p256').replaceAll('\n', '\\n') }],
  [oidc],
  [{ ...oidc, AUTH_JWT_SECRET: secret }],
])('%# is enough for production', (env) => {
  expect(faultsOf(env)).toEqual([])
})

test.each<[Env, string[]]>([
  [{ AUTH_JWT_SECRET: 'x'.repeat(31) }, ['AUTH_JWT_SECRET']],
  [{ AUTH_JWT_PRIVATE_KEY: pem('rsa') }, ['AUTH_JWT_PRIVATE_KEY']],
  [{ AUTH_JWT_PRIVATE_KEY: pem('p384') }, ['AUTH_JWT_PRIVATE_KEY']],
  [{ AUTH_JWT_PRIVATE_KEY: 'nonsense' }, ['AUTH_JWT_PRIVATE_KEY']],
  [{ AUTH_JWT_SECRET: secret, AUTH_JWT_PREVIOUS_KEYS: 'short' }, ['AUTH_JWT_PREVIOUS_KEYS']],
  [{ AUTH_JWT_SECRET: secret, AUTH_SCRYPT_LOG_N: '12' }, ['AUTH_SCRYPT_LOG_N']],
  [{ AUTH_JWT_SECRET: secret, AUTH_HASHING_CONCURRENCY: '4' }, ['AUTH_HASHING_CONCURRENCY']],
  [{ ...oidc, AUTH_OIDC_JWKS_URL: 'http://id.example.com/jwks.json' }, ['AUTH_OIDC_JWKS_URL']],
  [{ ...oidc, AUTH_OIDC_JWKS_URL: 'id.example.com' }, ['AUTH_OIDC_JWKS_URL']],
  [{ ...oidc, AUTH_OIDC_AUDIENCE: '' }, ['AUTH_OIDC_AUDIENCE']],
  [{ ...oidc, AUTH_OIDC_JWKS_URL: '' }, ['AUTH_OIDC_JWKS_URL']],
  [{ ...oidc, AUTH_JWT_SECRET: secret, AUTH_OIDC_ISSUER: '' }, ['AUTH_OIDC_ISSUER']],
])('%# is refused by its name', (env, faults) => {
  expect(faultsOf(env)).toEqual(faults)
})

test('each key has one algorithm and a name of its own; only public parts are published', async () => {
  const current = pem('ed25519')
  const keys = await readSigningKeys({
    jwtSecret: secret,
    jwtPrivateKey: current,
    jwtPreviousKeys: [pem('p256'), 'y'.repeat(32)],
  })
  const known = [...(keys?.verify.values() ?? [])]
  expect(known.map(({ algorithm }) => algorithm)).toEqual(['EdDSA', 'ES256', 'HS256'])
  expect(new Set(known.map(({ kid }) => kid)).size).toBe(3)
  expect(keys?.current.algorithm).toBe('EdDSA')
  expect(keys?.jwks.keys).toHaveLength(2)
  for (const jwk of keys?.jwks.keys ?? []) expect(jwk).not.toHaveProperty('d')
  expect(JSON.stringify(keys?.jwks)).not.toContain('oct')
})

test('a previous key that is none ends the start, without saying what it was', async () => {
  const broken = '-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----'
  const reading = readSigningKeys({ jwtSecret: secret, jwtPreviousKeys: [broken] })
  await expect(reading).rejects.toThrow('AUTH_JWT_PREVIOUS_KEYS')
  await expect(
    readSigningKeys({ jwtSecret: secret, jwtPreviousKeys: [pem('rsa')] }),
  ).rejects.toThrow('Ed25519 or P-256')
})

test('without a key of its own the service signs nothing', async () => {
  expect(await readSigningKeys({ jwtPreviousKeys: [] })).toBeUndefined()
})
