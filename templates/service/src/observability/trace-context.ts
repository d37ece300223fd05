/** The trace that a request belongs to, and the span of its caller. */
export interface TraceContext {
  readonly traceId: string
  readonly spanId: string
  /** Whether the caller records the trace. */
  readonly sampled: boolean
}

const format = /^(?!ff)([\da-f]{2})-(?!0+-)([\da-f]{32})-(?!0+-)([\da-f]{16})-([\da-f]{2})(-.*)?$/

/**
 * Reads the header `traceparent`; a malformed one counts as none.
 *
 * @see https://www.w3.org/TR/trace-context-2/#traceparent-header
 */
export function readTraceparent(header: string | undefined): TraceContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = format.exec(header ?? '') ?? []
  // Only later versions may have further fields.
  if (version === undefined || (version === '00' && more !== undefined)) return undefined
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}
