import { errors } from 'jose'
import { name } from '../about.ts'
import { UnauthorizedError } from '../http/app-error.ts'

const realm = `Bearer realm="${name}"`

/** 401: no credential was sent (RFC 6750, section 3: without an error code). */
export function notIdentified(): UnauthorizedError {
  return new UnauthorizedError('Authentication is required.', realm)
}

/** 401: a token was sent that is good for nothing; `cause` says why, for the log. */
export function refusedToken(cause: unknown): UnauthorizedError {
  const detail =
    cause instanceof errors.JWTExpired
      ? 'The access token has expired.'
      : 'The access token is not valid.'
  return new UnauthorizedError(
    detail,
    `${realm}, error="invalid_token", error_description="${detail}"`,
    cause,
  )
}

/** 401: an API key was sent that is good for nothing. */
export function refusedKey(reason: string): UnauthorizedError {
  return new UnauthorizedError('The API key is not valid.', realm, new Error(reason))
}

/** 401: who logs in is told the same, whatever was wrong. */
export function refusedLogin(reason: string): UnauthorizedError {
  return new UnauthorizedError(
    'The e-mail address or the password is wrong.',
    realm,
    new Error(reason),
  )
}

/** 401: a refresh token was sent that is good for nothing. */
export function refusedRefresh(reason: string): UnauthorizedError {
  return new UnauthorizedError('The refresh token is not valid.', realm, new Error(reason))
}
