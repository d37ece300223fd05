import type { Config } from '../config/index.ts'
import type { Database } from '../db/client.ts'
import { AccessTokens } from './access-token.ts'
import { ApiKeys } from './api-keys.ts'
import { Authenticator } from './authenticator.ts'
import { CredentialCache } from './credential-cache.ts'
import { OidcProvider } from './oidc.ts'
import { Passwords } from './passwords.ts'
import { Sessions } from './sessions.ts'
import { readSigningKeys, type SigningKeys } from './signing-keys.ts'
import { type UserRepository, userRepository } from './user.repository.ts'

/** What the service has to tell who calls, as `app.auth`. */
export interface Auth {
  authenticator: Authenticator
  users: UserRepository
  passwords: Passwords
  keys: ApiKeys
  /** Absent where all tokens come from an identity provider. */
  local: { sessions: Sessions; jwks: SigningKeys['jwks'] } | undefined
}

/** @throws {StartupError} when a key of the configuration cannot be read */
export async function buildAuth(db: Database, settings: Config['auth']): Promise<Auth> {
  const cache = new CredentialCache(settings.cacheTtl * 1000)
  const keys = new ApiKeys(db, cache, settings)
  const signing = await readSigningKeys(settings)
  const tokens = signing && new AccessTokens(signing, settings)
  const oidc = OidcProvider.from(settings)
  return {
    authenticator: new Authenticator({ db, cache, keys, tokens, oidc }),
    users: userRepository(db),
    passwords: new Passwords(settings),
    keys,
    local: tokens &&
      signing && { sessions: new Sessions(db, tokens, cache, settings), jwks: signing.jwks },
  }
}
