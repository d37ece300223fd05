import { randomBytes } from 'node:crypto'
import { and, desc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import { type Database, transaction } from '../db/client.ts'
import { ConflictError, ForbiddenError, NotFoundError } from '../http/app-error.ts'
import type { Identity } from '../http/route-policy.ts'
import { uuidv7 } from '../http/uuid.ts'
import { type ApiKey, authApiKeys, authUsers } from './auth.model.ts'
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
    list(userId: string) {
      const keys = db.select().from(authApiKeys).where(eq(authApiKeys.userId, userId))
      return keys.orderBy(desc(authApiKeys.id))
    },

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
      { name, scopes, expiresInDays }: { name: string; scopes: string[]; expiresInDays: number },
    ) {
      const { id, secret, key } = newApiKey(uuidv7())
      const expiresAt = new Date(Date.now() + expiresInDays * dayMs)
      const values = { id, userId, name, scopes, fingerprint: fingerprint(secret), expiresAt }
      const row = await transaction(db, async (tx) => {
        // One at a time for each user, so that parallel requests can't exceed the maximum.
        const user = await userRepository(tx).lock(userId)
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

    /**
     * Gives a key that hasn't expired another secret; the previous one stays valid for a day.
     *
     * @throws {NotFoundError} when the user has no such key
     */
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
      if (row === undefined) throw new NotFoundError('API key not found, or expired.')
      return { ...row, key }
    },

    /**
     * Revokes a key, at once in this process.
     *
     * @throws {NotFoundError} when the user has no such key
     */
    async revoke(userId: string, id: string): Promise<void> {
      const rows = await db.delete(authApiKeys).where(owned(userId, id)).returning()
      forget(id)
      if (rows.length === 0) throw new NotFoundError('API key not found.')
    },

    /** @throws {UnauthorizedError} whatever is wrong with the key */
    async verify(text: string): Promise<Proof> {
      const now = new Date()
      // PostgreSQL reads a UUID without hyphens too.
      const [, id, secret] = keyFormat.exec(text) ?? []
      const found = id && secret && (await findValid(db, id, fingerprint(secret), now))
      if (!found) throw unauthorized('The API key is not valid.', 'unknown, expired or deactivated')
      const { key, user } = found
      if (now.getTime() - (key.lastUsedAt?.getTime() ?? 0) >= lastUsedPrecisionMs) {
        await db.update(authApiKeys).set({ lastUsedAt: now }).where(eq(authApiKeys.id, key.id))
      }
      const rights = rightsOf(user)
      const identity: Identity = {
        kind: 'api-key',
        userId: user.id,
        keyId: key.id,
        // No roles, and only those of its scopes that its user may do today.
        roles: [],
        permissions: key.scopes.filter((scope) => hasPermission(rights, scope)),
        tier: user.tier,
      }
      return { identity, until: key.expiresAt.getTime() }
    },
  }
}

function owned(userId: string, id: string) {
  return and(eq(authApiKeys.id, id), eq(authApiKeys.userId, userId))
}

/** Finds a key by its current secret, or for a while by the previous one, with its user. */
async function findValid(db: Database, id: string, secret: string, now: Date) {
  const { previousFingerprint, previousUntil, expiresAt } = authApiKeys
  const isPrevious = and(eq(previousFingerprint, secret), gt(previousUntil, now))
  const isSecret = or(eq(authApiKeys.fingerprint, secret), isPrevious)
  const isActive = and(gt(expiresAt, now), isNull(authUsers.disabledAt))
  const [row] = await db
    .select({ key: authApiKeys, user: authUsers })
    .from(authApiKeys)
    .innerJoin(authUsers, eq(authUsers.id, authApiKeys.userId))
    .where(and(eq(authApiKeys.id, id), isSecret, isActive))
  return row
}

const keyFormat = /^ak_([\da-f]{32})_([\da-f]{48})$/

/**
 * A new key for the row `id`: `ak_<id>_<secret>` in hexadecimal digits, with 192 random bits. The
 * prefix lets scanners find leaked keys.
 */
export function newApiKey(id: string) {
  const secret = randomBytes(24).toString('hex')
  return { id, secret, key: `ak_${id.replaceAll('-', '')}_${secret}` }
}
