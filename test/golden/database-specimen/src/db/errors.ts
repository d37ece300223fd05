import { DrizzleQueryError } from 'drizzle-orm'
import {
  type AppError,
  ConflictError,
  InternalServerError,
  ServiceUnavailableError,
  ValidationError,
} from '../http/app-error.ts'

/** What PostgreSQL and PGlite tell of a failed statement. */
interface PostgresError extends Error {
  /** SQLSTATE (PostgreSQL, appendix A). */
  code: string
  severity: string
  /** Names columns, and holds values. */
  detail?: string
}

/** Seconds after which a client may try again. */
const retryAfter = 5

const unavailable = 'The database is not available at the moment.'
const overloaded = 'The database took too long to answer.'

/** By SQLSTATE, or by its first two characters for a whole class. */
const unavailableStates: Record<string, string> = {
  '08': unavailable,
  '40': 'The request was in conflict with others at the same time.',
  '53': unavailable,
  '55P03': overloaded,
  '57014': overloaded,
  '57P': unavailable,
}

/** Values that no column of that type can take; the rest of class 22 are faults of a query. */
const refusedValues: Record<string, string> = {
  '22001': 'A text is too long.',
  '22003': 'A number is out of range.',
  '22007': 'A date or time is not valid.',
  '22008': 'A date or time is out of range.',
  '22021': 'A text holds a character that cannot be stored.',
  '22P02': 'A value does not have the right form.',
  '22P05': 'A text holds a character that cannot be stored.',
  '23514': 'A value is outside of what is allowed.',
}

const networkCodes = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])

/** The `pg` package gives these no code. */
const lostConnection =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

/**
 * Turns a database error, also one wrapped by Drizzle, into the error that a client should see.
 * The detail names columns and never their values, and the cause, for the log, has neither values
 * nor the statement. Anything else is left to others.
 */
export function mapDatabaseError(error: unknown): AppError | undefined {
  const found = unwrap(error)
  const cause = withoutValues(error)
  if (isPostgresError(found)) {
    return mapState(found, cause) ?? new InternalServerError(found.message, { cause })
  }
  if (isConnectionError(found))
    return new ServiceUnavailableError(unavailable, retryAfter, { cause })
  return error === found ? undefined : new InternalServerError(String(found), { cause })
}

/**
 * The same error for logs and terminals: Drizzle puts the statement and its parameters into what it
 * throws, and PostgreSQL whole rows into the details, passwords and addresses among them.
 */
export function withoutValues(error: unknown): unknown {
  const found = unwrap(error)
  if (!isPostgresError(found)) return found
  const { message, code, severity, stack } = found
  return Object.assign(new Error(message), { code, severity, stack })
}

/** SQLSTATE of a database error, wrapped or not. */
export function sqlState(error: unknown): string | undefined {
  const found = unwrap(error)
  return isPostgresError(found) ? found.code : undefined
}

function mapState(error: PostgresError, cause: unknown): AppError | undefined {
  const { code } = error
  if (code === '23505') return new ConflictError(duplicate(error), { cause })
  if (code === '23503') return new ConflictError(reference(error), { cause })
  const refused = refusedValues[code]
  if (refused !== undefined) return new ValidationError([{ detail: refused, pointer: '#' }])
  const state = [code, code.slice(0, 3), code.slice(0, 2)].find((it) => it in unavailableStates)
  const detail = state && unavailableStates[state]
  return detail ? new ServiceUnavailableError(detail, retryAfter, { cause }) : undefined
}

function duplicate(error: PostgresError): string {
  const names = columns(error)
  return names ? `Another record has the same ${names}.` : 'Another record has the same value.'
}

function reference(error: PostgresError): string {
  if (error.detail?.includes('is still referenced')) return 'Other records still refer to this one.'
  const names = columns(error)
  return names
    ? `There is no record that ${names} refers to.`
    : 'There is no record that a value refers to.'
}

/** From `Key (first_name, email)=(Ann, a@b.c) already exists.`: `firstName and email`. */
function columns({ detail = '' }: PostgresError): string | undefined {
  const list = /^Key \((\w+(?:, \w+)*)\)=\(/.exec(detail)?.[1]
  return list
    ?.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    .replaceAll(', ', ' and ')
}

function unwrap(error: unknown): unknown {
  return error instanceof DrizzleQueryError ? error.cause : error
}

function isPostgresError(error: unknown): error is PostgresError {
  return error instanceof Error && 'severity' in error && 'code' in error
}

/** Outside of a query, too: a transaction asks for its connection before Drizzle wraps anything. */
function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return networkCodes.has(code) || lostConnection.test(error.message)
}
