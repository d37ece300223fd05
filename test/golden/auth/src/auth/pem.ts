import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

/** The algorithm that a key is for; a key is good for one only. */
export type KeyAlgorithm = 'EdDSA' | 'ES256'

/** The one algorithm that a key of this type is used with, if there is one. */
export function algorithmOf(key: KeyObject): KeyAlgorithm | undefined {
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA'
  const curve = key.asymmetricKeyDetails?.namedCurve
  return key.asymmetricKeyType === 'ec' && curve === 'prime256v1' ? 'ES256' : undefined
}

/** Whether the text is the PEM of a private key that can sign tokens. */
export function isSigningKey(text: string): boolean {
  try {
    return algorithmOf(readPrivateKey(text)) !== undefined
  } catch {
    return false
  }
}

export function isPem(text: string): boolean {
  return text.startsWith('-----BEGIN ')
}

/** @throws when it is the PEM of no private key */
export function readPrivateKey(text: string): KeyObject {
  return createPrivateKey(unfold(text))
}

/**
 * The public key, also that of a private one.
 * @throws when it is the PEM of no key
 */
export function readPublicKey(text: string): KeyObject {
  return createPublicKey(unfold(text))
}

/** Many places that keep variables take one line only. */
function unfold(text: string): string {
  return text.replaceAll('\\n', '\n')
}
