import { randomUUID } from 'node:crypto'

/**
 * The distributed trace that a request belongs to: its id, whether the caller records it, and the
 * header to send with calls that the request causes, which keeps all flags of the caller.
 */
export type TraceContext = ReturnType<typeof newTrace>

const pattern =
  /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-|$)/

/**
 * The trace that the header `traceparent` names; a new one if the header is missing or malformed.
 *
 * @see https://www.w3.org/TR/trace-context-2/#traceparent-header
 */
export function traceOf(header: unknown): TraceContext {
  const match = typeof header === 'string' ? pattern.exec(header) : null
  const [, version, traceId = '', parentId, flags = '', more] = match ?? []
  // Only later versions may have more members.
  if (match === null || (version === '00' && more === '-')) return newTrace()
  const isSampled = (Number.parseInt(flags, 16) & 1) === 1
  return { traceId, isSampled, traceparent: `00-${traceId}-${parentId}-${flags}` }
}

/**
 * Nobody records it yet, so it isn't sampled; the flag 02 says that its last 56 bits are random, as
 * those of a UUID are.
 */
function newTrace() {
  const traceId = randomUUID().replaceAll('-', '')
  return { traceId, isSampled: false, traceparent: `00-${traceId}-${traceId.slice(16)}-02` }
}
