import { PIIMasker } from './pii-masker.ts'

/** An error as it is logged: what happened and where, without the values that led to it. */
export interface LoggedError {
  type: string
  message: string
  stack?: string
  cause?: unknown
  errors?: unknown[]
  /** Members that other code attached, such as `code`: text, numbers and booleans. */
  [member: string]: unknown
}

type AnyError = { readonly [member: string]: unknown }

/** Members in which database drivers keep statements, parameters and rows. */
const valueMembers = 'detail hint internalQuery parameters params query sql values where'.split(' ')

const hiddenMembers = ['name', 'message', 'stack', 'cause', 'errors', ...valueMembers]

/** How many errors one log line holds at most: causes, and errors of aggregates. */
const maxErrors = 20

/**
 * Serializes every logged error, with its causes and the errors of an aggregate. The errors of
 * database drivers hold what users entered, passwords and addresses included. Those values are left
 * out, however deep the error is wrapped. Never throws.
 */
export function serializeError(error: unknown): unknown {
  return serialize(error, new Set())
}

/** A copy of `value`, as JSON has it, with every error in it serialized. Throws if it isn't JSON. */
export function serializeErrors(value: object): object {
  const replace = (_key: string, it: unknown) => (it instanceof Error ? serializeError(it) : it)
  return JSON.parse(JSON.stringify(value, replace))
}

/** The masker for a stack that isn't logged, but printed, perhaps before the settings are known. */
const masker = new PIIMasker()

/** An error as text for a terminal: its stack and those of its causes, masked and without values. */
export function formatError(error: unknown): string {
  return masker.mask(formatLogged(serializeError(error)))
}

/** The message of an error, without values. */
export function errorMessage(error: unknown): string {
  const logged = serializeError(error)
  return isObject(logged) ? String(logged.message) : String(logged)
}

/** Formats what `serializeError` returned. */
export function formatLogged(logged: unknown): string {
  if (!isObject(logged)) return String(logged)
  const { type, message, stack, cause, errors = [] } = logged as LoggedError
  const causes = cause === undefined ? errors : [cause, ...errors]
  const lines = causes.map((it) => `Caused by: ${formatLogged(it)}`)
  return [stack ?? `${type}: ${message}`, ...lines].join('\n')
}

function serialize(error: unknown, seen: Set<object>): unknown {
  if (!isObject(error)) return error
  if (seen.has(error) || seen.size >= maxErrors) return '…'
  seen.add(error)
  try {
    const { stack, cause, errors } = error
    const message = messageOf(error)
    const logged: LoggedError = { type: error.constructor?.name || 'Error', message }
    if (typeof stack === 'string') logged.stack = stackOf(stack, error.message, logged)
    for (const [name, value] of Object.entries(error)) {
      const isPlain = ['string', 'number', 'boolean'].includes(typeof value)
      if (isPlain && !hiddenMembers.includes(name)) logged[name] ??= value
    }
    if (cause !== undefined) logged.cause = serialize(cause, seen)
    if (Array.isArray(errors)) {
      const inner = errors.filter((it) => it instanceof Error).slice(0, maxErrors)
      logged.errors = inner.map((it) => serialize(it, seen))
    }
    return logged
  } catch {
    return { type: 'Error', message: 'The error cannot be read.' }
  }
}

/** The message. Drizzle repeats all parameters in it, PostgreSQL a value that isn't valid. */
function messageOf({ message, severity, code, params, query, cause }: AnyError): string {
  if (typeof message !== 'string') return ''
  if (severity !== undefined) {
    return String(code).startsWith('22') ? message.replace(/".*"/s, '"…"') : message
  }
  if (!Array.isArray(params) || !query) return withoutQuery(message)
  return isObject(cause) ? `Failed query: ${messageOf(cause)}` : 'Failed query'
}

/** A text without the query and parameters that Drizzle's message, at its end, repeats. */
export function withoutQuery(text: string): string {
  const start = text.indexOf('Failed query: ')
  return start !== -1 && text.includes('\nparams: ', start)
    ? `${text.slice(0, start)}Failed query`
    : text
}

/** The stack. V8 repeats the original message at its top. */
function stackOf(stack: string, original: unknown, { type, message }: LoggedError): string {
  if (message === original) return stack
  return `${type}: ${message}${stack.split(String(original), 2)[1] ?? ''}`
}

function isObject(value: unknown): value is AnyError {
  return typeof value === 'object' && value !== null
}
