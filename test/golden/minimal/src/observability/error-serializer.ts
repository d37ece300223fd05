import { PIIMasker } from './pii-masker.ts'

type AnyError = { readonly [member: string]: unknown }

/**
 * Members that aren't copied: those of each error, and those in which database drivers keep
 * statements, parameters and rows.
 */
const hiddenMembers = [
  ...['name', 'type', 'message', 'stack', 'cause', 'errors'],
  ...['detail', 'hint', 'internalQuery', 'parameters', 'params', 'query', 'sql', 'values', 'where'],
]

/** Of other members, such as `code`, only these are copied. */
const plainTypes = ['string', 'number', 'boolean']

/** How many errors one log line holds at most: causes, and errors of aggregates. */
const maxErrors = 20

/**
 * Serializes every logged error, with its causes and the errors of an aggregate. The errors of
 * database drivers hold what users entered, passwords and addresses included. Those values are left
 * out, however deep the error is wrapped. Never throws.
 *
 * @param seen the errors that the line already holds
 */
export function serializeError(error: unknown, seen = new Set<object>()): unknown {
  if (!isObject(error)) return error
  if (seen.has(error) || seen.size >= maxErrors) return '…'
  seen.add(error)
  try {
    const { stack, cause, errors } = error
    const type = error.constructor?.name || 'Error'
    const message = messageOf(error)
    const members = Object.entries(error).filter(
      ([name, value]) => plainTypes.includes(typeof value) && !hiddenMembers.includes(name),
    )
    const inner = Array.isArray(errors) ? errors.filter((it) => it instanceof Error) : undefined
    return {
      type,
      message,
      stack: typeof stack === 'string' ? stackOf(stack, error.message, type, message) : undefined,
      ...Object.fromEntries(members),
      cause: cause === undefined ? undefined : serializeError(cause, seen),
      errors: inner?.slice(0, maxErrors).map((it) => serializeError(it, seen)),
    }
  } catch {
    return { type: 'Error', message: 'The error cannot be read.' }
  }
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
  const { type, message, stack = `${type}: ${message}`, cause = [], errors = [] } = logged
  const lines = [cause, errors].flat().map((it) => `Caused by: ${formatLogged(it)}`)
  return [stack, ...lines].join('\n')
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
function stackOf(stack: string, original: unknown, type: string, message: string): string {
  return message === original
    ? stack
    : `${type}: ${message}${stack.split(String(original), 2)[1] ?? ''}`
}

function isObject(value: unknown): value is AnyError {
  return typeof value === 'object' && value !== null
}
