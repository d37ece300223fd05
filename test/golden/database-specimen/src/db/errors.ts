import { DrizzleQueryError } from 'drizzle-orm'
import type { ClientConfig } from 'pg'
import {
  AppError,
  ConflictError,
  InternalServerError,
  ServiceUnavailableError,
} from '../http/app-error.ts'
import { StartupError } from '../startup-error.ts'

/** No connection could be opened, or it broke. The message contains no credentials. */
export class DatabaseUnreachableError extends StartupError {
  constructor({ host, port = 5432, database }: ClientConfig, cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException
    // When several addresses were tried, there is a code and no message.
    const reason = message || code
    super(`Cannot use PostgreSQL at ${host}:${port}/${database}: ${reason}`, { cause })
  }
}

/** What PostgreSQL and PGlite report about a failed statement. */
interface PostgresError extends Error {
  /** SQLSTATE (PostgreSQL, appendix A). */
  code: string
  severity: string
  /** Names columns, and contains values. */
  detail?: string
}

const retryAfterSeconds = 5

const unavailable = 'The database cannot complete the request at the moment.'

/** SQLSTATEs, by the characters that they start with, for which repeating the request may help. */
const transientStates = /^(08|25006|40|53|55P03|57014|57P)/

const unstorable = 'A text contains a character that cannot be stored.'

/**
 * 422, by SQLSTATE: what the validation of a request can't know. The rest of class 22 (a wrong
 * uuid, a number out of range) is a fault of the service, which should have refused the value.
 */
const refusedStates: Record<string, string> = {
  '22021': unstorable,
  '22P05': unstorable,
  '23514': 'A value is not allowed.',
  '54000': 'A value is too large to be stored.',
}

/** The `pg` package gives these errors no code. */
const lostConnection =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/

/** Maps a database error to what a client may know of it; undefined for every other error. */
export function mapDatabaseError(error: unknown): AppError | undefined {
  const reason = withoutStatement(error)
  if (isPostgresError(reason)) return mapState(reason, error)
  if (reason instanceof DatabaseUnreachableError || (reason !== error && isNetworkError(reason))) {
    return new ServiceUnavailableError(unavailable, retryAfterSeconds, { cause: error })
  }
  return reason === error ? undefined : new InternalServerError(String(reason), { cause: error })
}

/** The driver's error. Drizzle's has the statement and its parameters in the message. */
export function withoutStatement(error: unknown): unknown {
  return error instanceof DrizzleQueryError ? error.cause : error
}

/** The SQLSTATE of a database error, wrapped by Drizzle or not. */
export function sqlState(error: unknown): string | undefined {
  const reason = withoutStatement(error)
  return isPostgresError(reason) ? reason.code : undefined
}

function mapState(error: PostgresError, cause: unknown): AppError {
  const { code } = error
  if (code === '23505') {
    return new ConflictError(`Another record has the same ${columns(error) ?? 'value'}.`, { cause })
  }
  if (code === '23503') return new ConflictError(brokenReference(error), { cause })
  const refused = refusedStates[code]
  if (refused !== undefined) {
    const errors = [{ detail: refused, pointer: '#' }]
    return new AppError(422, 'The request is not valid.', { extra: { errors }, cause })
  }
  if (transientStates.test(code)) {
    return new ServiceUnavailableError(unavailable, retryAfterSeconds, { cause })
  }
  // PostgreSQL's message may contain a value, so it stays in the cause.
  return new InternalServerError(`A statement failed with SQLSTATE ${code}.`, { cause })
}

function brokenReference(error: PostgresError): string {
  if (error.detail?.includes('is still referenced')) return 'Other records still refer to this one.'
  return `The record that ${columns(error) ?? 'a value'} refers to does not exist.`
}

/** From `Key (first_name, email)=(Ann, a@b.c) already exists.`: `firstName and email`. */
function columns({ detail = '' }: PostgresError): string | undefined {
  const list = /^Key \((\w+(?:, \w+)*)\)=\(/.exec(detail)?.[1]
  return list
    ?.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    .replaceAll(', ', ' and ')
}

function isPostgresError(error: unknown): error is PostgresError {
  return error instanceof Error && 'severity' in error && 'code' in error
}

/** A system error such as ECONNRESET or ENOTFOUND, or one of pg's own. */
function isNetworkError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return /^E(?!RR_)/.test(code) || lostConnection.test(error.message)
}
