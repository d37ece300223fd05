import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { and, desc, eq, gt, sql } from 'drizzle-orm'
import type { Database } from '../db/client.ts'
import { transaction } from '../db/client.ts'
import { ConflictError, ForbiddenError } from '../http/app-error.ts'
import type { Identity } from '../http/route-policy.ts'
import { uuidv7 } from '../http/uuid.ts'
import { type ApiKey, authApiKeys, authUsers, type User } from './auth.model.ts'
import type { CredentialCache, Proof } from './authenticator.ts'
import { hasPermission, rightsOf } from './roles.ts'
import { fingerprint, unauthorized } from './tokens.ts'
import { userRepository } from './users.ts'

const dayMs = 86_400_000

/** How long the previous secret of a rotated key stays valid. */
const rotationGraceMs = dayMs

/** Expired keys count too. */
const maxKeysPerUser = 100

/** `lastUsedAt` is written at most this often. */
const lastUsedPrecisionMs = 60_000

export type ApiKeys = ReturnType<typeof apiKeyStore>

/** API keys: what programs send instead of a login. */
export function apiKeyStore(db: Database, cache: CredentialCache) {
  const forget = (id: string) => cache.forget(({ keyId }) => keyId === id)

  return {
    list: (userId: string) =>
      db
        .select()
        .from(authApiKeys)
        .where(eq(authApiKeys.userId, userId))
        .orderBy(desc(authApiKeys.id)),

    /**
     * Creates a key. Its scopes must be permissions of the account: a role that only a token of an
     * identity provider names gives a key nothing.
     *
     * @returns the key with its text, which is shown once
     * @throws {ForbiddenError} when the account doesn't have all of the scopes
     * @throws {ConflictError} when the user has too many keys
     */
    async create(
      userId: string,
      { name, scopes, days }: { name: string; scopes: string[]; days: number },
    ) {
      const { id, secret, key } = newApiKey(uuidv7())
      const expiresAt = new Date(Date.now() + days * dayMs)
      const values = { id, userId, name, scopes, fingerprint: fingerprint(secret), expiresAt }
      const row = await transaction(db, async (tx) => {
        // One at a time for each user, so that parallel requests can't exceed the maximum.
        const user = await userRepository(tx).lock(userId, 'no key update')
        const missing = scopes.find((scope) => !user || !hasPermission(rightsOf(user), scope))
        if (missing !== undefined) {
          throw new ForbiddenError(`Your account doesn't have the permission ${missing}.`)
        }
        if ((await tx.$count(authApiKeys, eq(authApiKeys.userId, userId))) >= maxKeysPerUser) {
          throw new ConflictError(`You have ${maxKeysPerUser} API keys. Revoke one first.`)
        }
        const [created] = await tx.insert(authApiKeys).values(values).returning()
        return created as ApiKey
      })
      return { ...row, key }
    },

    /** Gives a key that hasn't expired another secret; the previous one stays valid for a day. */
    async rotate(userId: string, id: string) {
      const { secret, key } = newApiKey(id)
      const [row] = await db
        .update(authApiKeys)
        .set({
          fingerprint: fingerprint(secret),
          previousFingerprint: sql`${authApiKeys.fingerprint}`,
          previousUntil: new Date(Date.now() + rotationGraceMs),
        })
        .where(and(owned(userId, id), gt(authApiKeys.expiresAt, new Date())))
        .returning()
      forget(id)
      return row && { ...row, key }
    },

    /** Revokes a key, at once in this process. */
    async revoke(userId: string, id: string): Promise<boolean> {
      const rows = await db.delete(authApiKeys).where(owned(userId, id)).returning()
      forget(id)
      return rows.length > 0
    },

    /** @throws {UnauthorizedError} whatever is wrong with the key */
    async verify(text: string): Promise<Proof> {
      const refused = (reason: string) => unauthorized('The API key is not valid.', reason)
      const parsed = parseApiKey(text)
      if (parsed === undefined) throw refused('not an API key')
      const [found] = await db
        .select({ key: authApiKeys, user: authUsers })
        .from(authApiKeys)
        .innerJoin(authUsers, eq(authUsers.id, authApiKeys.userId))
        .where(eq(authApiKeys.id, parsed.id))
      const now = new Date()
      const until = found && validUntil(found.key, fingerprint(parsed.secret))
      if (!found || !until || until <= now) throw refused('unknown, expired, or another secret')
      const { key, user } = found
      if (user.disabledAt !== null) throw refused('deactivated account')
      if (now.getTime() - (key.lastUsedAt?.getTime() ?? 0) >= lastUsedPrecisionMs) {
        await db.update(authApiKeys).set({ lastUsedAt: now }).where(eq(authApiKeys.id, key.id))
      }
      return { identity: identityOf(key, user), until: until.getTime() }
    },
  }
}

function owned(userId: string, id: string) {
  return and(eq(authApiKeys.id, id), eq(authApiKeys.userId, userId))
}

/** Until when the secret is valid; nothing if it isn't the key's. */
function validUntil(key: ApiKey, secret: string): Date | undefined {
  if (key.fingerprint === secret) return key.expiresAt
  if (key.previousFingerprint !== secret || key.previousUntil === null) return undefined
  return key.previousUntil < key.expiresAt ? key.previousUntil : key.expiresAt
}

/** A key has no roles, and only those of its scopes that its user may do today. */
function identityOf(key: ApiKey, user: User): Identity {
  const rights = rightsOf(user)
  return {
    kind: 'api-key',
    userId: user.id,
    keyId: key.id,
    roles: [],
    permissions: key.scopes.filter((scope) => hasPermission(rights, scope)),
    tier: user.tier,
  }
}

const keyFormat = /^ak_([\da-f]{32})_([\da-f]{48})([\da-f]{8})$/

/**
 * A new key for the row `id`: `ak_<id>_<secret><checksum>` in hexadecimal digits, with 192 random
 * bits. The prefix lets scanners find leaked keys, and the checksum tells them from lookalikes.
 */
export function newApiKey(id: string) {
  const secret = randomBytes(24).toString('hex')
  const body = `ak_${id.replaceAll('-', '')}_${secret}`
  return { id, secret, key: `${body}${checksum(body)}` }
}

/** Reads the id and the secret of a key; nothing if it isn't one, or has a typo. */
export function parseApiKey(text: string) {
  const [, digits = '', secret = '', sum] = keyFormat.exec(text) ?? []
  if (sum === undefined || checksum(text.slice(0, -8)) !== sum) return undefined
  const id = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { id, secret }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}
