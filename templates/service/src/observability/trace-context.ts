import { randomFillSync } from 'node:crypto'

/** The distributed trace that a request belongs to. */
export class TraceContext {
  /** 32 hex digits. */
  readonly traceId: string
  readonly #parentId: string
  readonly #flags: string

  constructor(traceId: string, parentId: string, flags: string) {
    this.traceId = traceId
    this.#parentId = parentId
    this.#flags = flags
  }

  /** Whether the caller records the trace. */
  get isSampled(): boolean {
    return (Number.parseInt(this.#flags, 16) & 1) === 1
  }

  /** The header to send with calls that the request causes. It keeps all flags of the caller. */
  get traceparent(): string {
    return `00-${this.traceId}-${this.#parentId}-${this.#flags}`
  }
}

const pattern =
  /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-|$)/

/**
 * The trace that the header `traceparent` names; a new one if the header is missing or malformed.
 *
 * @see https://www.w3.org/TR/trace-context-2/#traceparent-header
 */
export function traceOf(header: unknown): TraceContext {
  return (typeof header === 'string' && parse(header)) || newTrace()
}

function parse(header: string): TraceContext | undefined {
  const [, version, traceId, parentId = '', flags = '', more] = pattern.exec(header) ?? []
  // Only later versions may have more members.
  if (traceId === undefined || (version === '00' && more === '-')) return undefined
  return new TraceContext(traceId, parentId, flags)
}

/** Bytes that no trace has used yet: making many at a time takes a tenth of the time. */
const random = Buffer.alloc(4_096)
let used = random.length

/** Nobody records it yet, so it isn't sampled; the flag 02 says that its id is random. */
function newTrace(): TraceContext {
  if (used === random.length) {
    randomFillSync(random)
    used = 0
  }
  const id = random.toString('hex', used, used + 16)
  used += 16
  return new TraceContext(id, id.slice(16), '02')
}
