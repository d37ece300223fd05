import type { Auth } from './auth.ts'
import { refusedLogin } from './refused.ts'
import type { Sessions, Tokens } from './sessions.ts'

/** Twice for who logs in just as another login of theirs gives the password a new hash. */
const attempts = 2

/**
 * Begins a login with an e-mail address and a password.
 *
 * @throws {UnauthorizedError} when they are wrong, or the account has changed meanwhile
 * @throws {ServiceUnavailableError} when too many log in at the moment
 */
export async function logIn(
  { users, passwords }: Pick<Auth, 'users' | 'passwords'>,
  sessions: Sessions,
  { email, password }: { email: string; password: string },
): Promise<Tokens> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const row = await users.byEmail(email)
    const right = await passwords.verify(password, row?.passwordHash ?? null)
    if (!row?.passwordHash || !right) throw refusedLogin('unknown, or another password')
    // Not before the password was right: others shall not learn who has an account.
    if (row.disabledAt !== null) throw refusedLogin('disabled account')
    const tokens = await sessions.begin(row)
    if (tokens === undefined) continue
    if (passwords.isOutdated(row.passwordHash)) {
      await users.replaceHash(row, await passwords.hash(password))
    }
    return tokens
  }
  throw refusedLogin('changed meanwhile')
}
