import type { Database } from '../db/client.ts'
import { transaction } from '../db/transaction.ts'
import { sessionRepository } from './session.repository.ts'
import type { User } from './user.model.ts'
import { type UserRepository, userRepository } from './user.repository.ts'

/**
 * Changes an account and ends its logins, but perhaps one: both, or neither. A login that is under
 * way waits for the change, and comes to nothing; one that was quicker ends.
 */
export function changeAndEndLogins(
  db: Database,
  change: (users: UserRepository) => Promise<User | undefined>,
  except?: string,
): Promise<User | undefined> {
  return transaction(db, async (tx) => {
    const user = await change(userRepository(tx))
    if (user) await sessionRepository(tx).removeAll(user.id, except)
    return user
  })
}
