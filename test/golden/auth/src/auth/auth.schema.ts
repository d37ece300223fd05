import { type Static, Type } from 'typebox'
import { nullable, timestamp, uuid } from '../db/json-types.ts'
import { passwordLength } from './passwords.ts'
import type { Tokens } from './sessions.ts'
import type { User } from './user.model.ts'

// One sign, one @, a dot in the domain: whether an address is real only a message to it can tell.
// No two neighbours match the same sign, so that no text makes it slow, however long.
const email = Type.String({
  pattern: '^\\s*[^\\s@]+@[^\\s@.]+(?:\\.[^\\s@.]+)+\\s*$',
  maxLength: 254,
  examples: ['ada@example.com'],
})

const newPassword = Type.String({ ...passwordLength })
const anyPassword = Type.String({ maxLength: 128 })

/** The body of a registration. */
export const Registration = Type.Object(
  { email, password: newPassword },
  { additionalProperties: false },
)

/** The body of a login. */
export const Login = Type.Object(
  { email: Type.String({ maxLength: 254 }), password: anyPassword },
  { additionalProperties: false },
)

/** The body of a refresh. */
export const Refresh = Type.Object(
  { refreshToken: Type.String({ maxLength: 200 }) },
  { additionalProperties: false },
)

/** The body of a change of one's password. */
export const PasswordChange = Type.Object(
  { currentPassword: anyPassword, newPassword },
  { additionalProperties: false },
)

/** What somebody gets who has logged in. */
export const TokenPair = Type.Object({
  accessToken: Type.String({ description: 'For `Authorization: Bearer`.' }),
  tokenType: Type.Literal('Bearer'),
  expiresIn: Type.Integer({ description: 'How long the access token is good, in seconds.' }),
  refreshToken: Type.String({ description: 'For the next tokens; good once.' }),
})

/** An account, as its user sees it. */
export const Account = Type.Object({
  id: uuid(),
  email: nullable(Type.String()),
  roles: Type.Array(Type.String()),
  permissions: Type.Array(Type.String()),
  tier: Type.String(),
  createdAt: timestamp(),
})

export function toTokenPair(tokens: Tokens): Static<typeof TokenPair> {
  return { ...tokens, tokenType: 'Bearer' }
}

export function toAccount(user: User): Static<typeof Account> {
  const { id, email, roles, permissions, tier, createdAt } = user
  return { id, email, roles, permissions, tier, createdAt: createdAt.toISOString() }
}
