import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A refresh token: 256 random bits, which say nothing. */
export function newRefreshToken(): string {
  return `rt_${randomBytes(32).toString('base64url')}`
}

/** What is kept of a random token. Without a salt: nobody can guess 192 bits or more. */
export function fingerprint(token: string): string {
  return hash('sha256', token, 'base64url')
}

/** Compares two fingerprints in constant time. */
export function sameFingerprint(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}
