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

const ownMembers = ['name', 'message', 'stack', 'cause', 'errors']

/** Members in which database drivers keep statements, parameters and rows. */
const valueMembers = 'detail hint internalQuery parameters params query sql values where'.split(' ')

const hiddenMembers = new Set([...ownMembers, ...valueMembers])

/** How many errors one log line holds at most: causes, and errors of aggregates. */
const maxErrors = 20

/**
 * Serializes every logged error, with its causes and the errors of an aggregate. The errors of
 * database drivers hold what users entered, passwords and addresses included. Those values are left
 * out, however deep the error is wrapped. Never throws.
 */
export function serializeError(error: unknown): unknown {
  try {
    return serialize(error, new Set())
  } catch {
    return { type: 'Error', message: 'The error cannot be read.' }
  }
}

/** An error as text for a terminal: its stack and those of its causes, without values. */
export function formatError(error: unknown): string {
  return formatLogged(serializeError(error))
}

/** The message of an error, without values. */
export function errorMessage(error: unknown): string {
  const logged = serializeError(error)
  return typeof logged === 'object' && logged !== null
    ? (logged as LoggedError).message
    : String(logged)
}

/** Formats what `serializeError` returned. */
export function formatLogged(logged: unknown): string {
  if (typeof logged !== 'object' || logged === null) return String(logged)
  const { type, message, stack, cause, errors = [] } = logged as LoggedError
  const causes = cause === undefined ? errors : [cause, ...errors]
  const lines = causes.map((it) => `Caused by: ${formatLogged(it)}`)
  return [stack ?? `${type}: ${message}`, ...lines].join('\n')
}

function serialize(error: unknown, seen: Set<object>): unknown {
  if (typeof error !== 'object' || error === null) return error
  if (seen.has(error) || seen.size >= maxErrors) return '…'
  seen.add(error)
  const logged = basics(error)
  for (const name of Object.keys(error)) {
    const value = hiddenMembers.has(name) ? undefined : read(error, name)
    if (['string', 'number', 'boolean'].includes(typeof value)) logged[name] ??= value
  }
  const cause = read(error, 'cause')
  if (cause !== undefined) logged.cause = serialize(cause, seen)
  const errors = read(error, 'errors')
  if (Array.isArray(errors)) {
    const real = errors.filter((it) => it instanceof Error).slice(0, maxErrors)
    logged.errors = real.map((it) => serialize(it, seen))
  }
  return logged
}

function basics(error: object): LoggedError {
  const type = textOf(read(error, 'constructor'), 'name') || 'Error'
  const original = textOf(error, 'message')
  const message = withoutValues(error, original)
  const stack = textOf(error, 'stack')
  if (stack === '') return { type, message }
  if (message === original) return { type, message, stack }
  // V8 repeats the message at the top of the stack.
  const [, frames = ''] = stack.split(original, 2)
  return { type, message, stack: `${type}: ${message}${frames}` }
}

/** Drizzle repeats all parameters in its message, PostgreSQL a value that isn't valid. */
function withoutValues(error: object, message: string): string {
  if (read(error, 'severity') !== undefined) {
    return textOf(error, 'code').startsWith('22') ? message.replace(/".*"/s, '"…"') : message
  }
  if (!Array.isArray(read(error, 'params')) || textOf(error, 'query') === '') return message
  const cause = read(error, 'cause')
  return cause instanceof Error
    ? `Failed query: ${withoutValues(cause, textOf(cause, 'message'))}`
    : 'Failed query'
}

function textOf(object: unknown, member: string): string {
  const value = read(object, member)
  return typeof value === 'string' ? value : ''
}

/** A member of an object; nothing if its getter throws. */
function read(object: unknown, member: string): unknown {
  try {
    return (object as Record<string, unknown>)[member]
  } catch {
    return undefined
  }
}
