import { createHmac, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose'
import type { Config } from '../config/index.ts'
import { StartupError } from '../startup-error.ts'
import { algorithmOf, isPem, type KeyAlgorithm, readPrivateKey, readPublicKey } from './pem.ts'

/** A key with the one algorithm that it is good for. */
export interface VerificationKey {
  kid: string
  algorithm: 'HS256' | KeyAlgorithm
  key: KeyObject | Uint8Array
}

/** The keys of the service's own tokens. */
export interface SigningKeys {
  /** Signs; the private key, where it is a pair. */
  current: VerificationKey
  /** All that verify, the current one among them, by `kid`. */
  verify: ReadonlyMap<string, VerificationKey>
  /** The public ones of them, as `/.well-known/jwks.json` tells them. */
  jwks: { keys: JWK[] }
}

type Settings = Pick<Config['auth'], 'jwtSecret' | 'jwtPrivateKey' | 'jwtPreviousKeys'>

/**
 * Reads the keys of the configuration; nothing where there is none, because all tokens come from an
 * identity provider.
 *
 * @throws {StartupError} when a previous key cannot be read
 */
export async function readSigningKeys(settings: Settings): Promise<SigningKeys | undefined> {
  const { jwtSecret, jwtPrivateKey, jwtPreviousKeys } = settings
  const jwks: { keys: JWK[] } = { keys: [] }
  const verify = new Map<string, VerificationKey>()

  async function addPair(pem: string): Promise<VerificationKey> {
    const key = readPublicKey(pem)
    const algorithm = algorithmOf(key)
    if (algorithm === undefined) throw new Error('neither Ed25519 nor P-256')
    const jwk = await exportJWK(key)
    // RFC 7638, so that the same key has the same name everywhere.
    const kid = await calculateJwkThumbprint(jwk)
    jwks.keys.push({ ...jwk, kid, alg: algorithm, use: 'sig' })
    return add({ kid, algorithm, key })
  }
  function add(key: VerificationKey): VerificationKey {
    verify.set(key.kid, key)
    return key
  }

  let current: VerificationKey
  if (jwtPrivateKey !== undefined) {
    current = { ...(await addPair(jwtPrivateKey)), key: readPrivateKey(jwtPrivateKey) }
  } else if (jwtSecret !== undefined) current = add(secretKey(jwtSecret))
  else return undefined

  for (const text of jwtPreviousKeys) {
    if (!isPem(text)) add(secretKey(text))
    else await addPair(text).catch(refusePrevious)
  }
  return { current, verify, jwks }
}

/** Its name tells it from others and tells nothing of it. */
function secretKey(secret: string): VerificationKey {
  const kid = createHmac('sha256', secret).update('kid').digest('base64url').slice(0, 16)
  return { kid, algorithm: 'HS256', key: Buffer.from(secret) }
}

function refusePrevious(cause: unknown): never {
  const hint = 'It takes secrets, and PEMs of Ed25519 or P-256 keys.'
  throw new StartupError(`A key of AUTH_JWT_PREVIOUS_KEYS cannot be used. ${hint}`, { cause })
}
