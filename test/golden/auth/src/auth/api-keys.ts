import type { Config } from '../config/index.ts'
import type { Database } from '../db/client.ts'
import { transaction } from '../db/transaction.ts'
import { ConflictError, ForbiddenError } from '../http/app-error.ts'
import type { Identity } from '../http/route-policy.ts'
import { uuidv7 } from '../http/uuid.ts'
import type { ApiKey } from './api-key.model.ts'
import { apiKeyRepository } from './api-key.repository.ts'
import { newApiKey, parseApiKey } from './api-key-text.ts'
import type { CredentialCache, Proof } from './credential-cache.ts'
import { fingerprint, sameFingerprint } from './opaque-token.ts'
import { hasPermission } from './permissions.ts'
import { refusedKey } from './refused.ts'
import type { User } from './user.model.ts'
import { userRepository } from './user.repository.ts'

/** A key with its text, which is shown once. */
export interface IssuedApiKey {
  row: ApiKey
  text: string
}

const day = 86_400_000

/** More keys than these nobody has, those that have expired among them. */
const most = 100

/** API keys: what programs use in place of a login. */
export class ApiKeys {
  readonly #db: Database
  readonly #repository: ReturnType<typeof apiKeyRepository>
  readonly #cache: CredentialCache
  readonly #graceMs: number

  constructor(db: Database, cache: CredentialCache, settings: Pick<Config['auth'], 'apiKeyGrace'>) {
    this.#db = db
    this.#repository = apiKeyRepository(db)
    this.#cache = cache
    this.#graceMs = settings.apiKeyGrace * 1000
  }

  list(userId: string): Promise<ApiKey[]> {
    return this.#repository.list(userId)
  }

  /**
   * Makes a key. What counts is what its user may do by the account, since that is all the key can
   * do later: a role that only a token of an identity provider names gives it nothing.
   *
   * @throws {ForbiddenError} when the key should be able to do what its user cannot
   * @throws {ConflictError} when the user has too many
   */
  async create(
    { userId }: Pick<Identity, 'userId'>,
    { name, scopes, days }: { name: string; scopes: string[]; days: number },
  ): Promise<IssuedApiKey> {
    const { id, secret, text } = newApiKey(uuidv7())
    const expiresAt = new Date(Date.now() + days * day)
    const values = { id, userId, name, scopes, fingerprint: fingerprint(secret), expiresAt }
    const row = await transaction(this.#db, async (tx) => {
      // One at a time for each user, so that none is made beyond the last.
      const user = await userRepository(tx).lock(userId, 'no key update')
      if (user === undefined || !scopes.every((scope) => hasPermission(user, scope))) {
        throw new ForbiddenError('A key cannot have a scope that is no permission of your account.')
      }
      const keys = apiKeyRepository(tx)
      if ((await keys.count(userId)) >= most) {
        throw new ConflictError(`You have ${most} API keys: delete one that you do not need.`)
      }
      return keys.create(values)
    })
    return { row, text }
  }

  /** Gives a key that has not expired another text; the one before is good for a while. */
  async rotate(userId: string, id: string): Promise<IssuedApiKey | undefined> {
    const { secret, text } = newApiKey(id)
    const until = new Date(Date.now() + this.#graceMs)
    const row = await this.#repository.rotate(userId, id, fingerprint(secret), until)
    this.#forget(id)
    return row && { row, text }
  }

  /** Ends a key, at once in this process. */
  async remove(userId: string, id: string): Promise<boolean> {
    const removed = await this.#repository.remove(userId, id)
    this.#forget(id)
    return removed
  }

  /** @throws {UnauthorizedError} whatever is wrong with the key */
  async verify(text: string): Promise<Proof> {
    const parsed = parseApiKey(text)
    if (parsed === undefined) throw refusedKey('no API key')
    const found = await this.#repository.get(parsed.id)
    if (found === undefined) throw refusedKey('unknown or revoked')
    const { key, user } = found
    const now = new Date()
    const until = validUntil(key, fingerprint(parsed.secret))
    if (until === undefined) throw refusedKey('another secret')
    if (until <= now) throw refusedKey('expired')
    if (user.disabledAt !== null) throw refusedKey('disabled account')
    await this.#repository.touch(key.id, now)
    return { identity: identityOf(key, user), until: until.getTime() }
  }

  #forget(id: string): void {
    this.#cache.forget(({ keyId }) => keyId === id)
  }
}

/** Until when the secret is good; nothing if it is not the key's. */
function validUntil(key: ApiKey, secret: string): Date | undefined {
  if (sameFingerprint(key.fingerprint, secret)) return key.expiresAt
  const { previousFingerprint, previousUntil, expiresAt } = key
  if (previousFingerprint === null || previousUntil === null) return undefined
  if (!sameFingerprint(previousFingerprint, secret)) return undefined
  return previousUntil < expiresAt ? previousUntil : expiresAt
}

/** A key never has roles, and only those of its scopes that its user still has. */
function identityOf(key: ApiKey, user: User): Identity {
  return Object.freeze({
    kind: 'api-key',
    userId: user.id,
    keyId: key.id,
    roles: [],
    permissions: key.scopes.filter((scope) => hasPermission(user, scope)),
    tier: user.tier,
  })
}
