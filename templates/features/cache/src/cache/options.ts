import { createHash } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import type { CacheMeter } from './metrics.ts'
import type { StoreOptions, WriteQueue } from './store.ts'

/** How one value is cached. */
export interface CacheOptions {
  /** How long (s) it stays fresh, at most a day. Default: CACHE_TTL. */
  readonly ttl?: number
  /** How long (s) after that it may be served while its source fails. Default: CACHE_GRACE. */
  readonly grace?: number
  /** For `invalidateTags`. Every read of a key has to name the same ones. */
  readonly tags?: readonly string[]
  /**
   * How long (s) `undefined` and `null` ("not found") are cached, without grace. 0:
   * not at all. Default: as other values, but at most 10.
   */
  readonly negativeTtl?: number
}

/** How the results of a function are cached. */
export interface CachedOptions<A extends unknown[] = unknown[]> extends CacheOptions {
  /** Begins every key; unique to the function. */
  readonly keyPrefix: string
  /** Makes the rest of the key. Default: the arguments as JSON. */
  readonly keyFn?: (...args: A) => string
  /**
   * Default: CACHE_STRATEGY. Reads with `write_through` and `write_behind` are as with
   * `cache_aside`.
   */
  readonly strategy?: 'cache_aside' | 'refresh_ahead' | 'write_through' | 'write_behind'
}

export interface CacheSettings {
  /** Defaults (s) of calls. */
  readonly ttl: number
  readonly grace: number
  /** Default of cached functions. */
  readonly strategy: NonNullable<CachedOptions['strategy']>
  readonly meter: CacheMeter
  readonly log: Pick<FastifyBaseLogger, 'error' | 'warn'>
  readonly queue?: WriteQueue
}

/** A day, and a day of grace: less than the time for which Redis keeps the clock of the entries. */
export const maxSeconds = 86_400

/** Default limit (s) for caching "not found". */
const maxNegativeTtl = 10

/** Options with all defaults. */
export type Lifetime = StoreOptions & { readonly negativeTtlMs: number }

/** @throws {RangeError} if a time is out of its limits */
export function lifetimeOf(
  options: CacheOptions,
  defaults: { readonly ttl: number; readonly grace: number },
): Lifetime {
  const { ttl = defaults.ttl, grace = defaults.grace, tags = [] } = options
  const { negativeTtl = Math.min(ttl, maxNegativeTtl) } = options
  check('ttl', ttl, 0.001)
  check('grace', grace, 0)
  check('negativeTtl', negativeTtl, 0)
  // Up to 10% less, so that values cached together aren't all fetched together.
  const second = 1_000 - 100 * Math.random()
  return { ttlMs: ttl * second, graceMs: grace * 1_000, tags, negativeTtlMs: negativeTtl * second }
}

function check(name: string, seconds: number, min: number): void {
  if (seconds >= min && seconds <= maxSeconds) return
  throw new RangeError(`${name} is ${seconds}: give seconds from ${min} to ${maxSeconds}.`)
}

/** Longer keys end in a hash. */
const maxLength = 100
const hashLength = 43

/**
 * The key of a call of a cached function.
 *
 * @throws {TypeError} if its arguments have no JSON of their own
 */
export function keyOf<A extends unknown[]>(
  { keyPrefix, keyFn = jsonOf(keyPrefix) }: CachedOptions<A>,
  args: A,
): string {
  const key = `${keyPrefix}:${keyFn(...args)}`
  if (key.length <= maxLength) return key
  const hash = createHash('sha256').update(key).digest('base64url')
  return `${key.slice(0, maxLength - hashLength - 1)}:${hash}`
}

function jsonOf(prefix: string) {
  return (...args: unknown[]): string => {
    const texts = args.map((arg) =>
      arg === undefined ? '' : JSON.stringify(arg, distinct(prefix)),
    )
    // An argument that is left out is undefined.
    return texts.join().replace(/,+$/, '')
  }
}

/** Refuses values whose JSON another value may have too. */
function distinct(prefix: string) {
  return function (this: unknown, _name: string, value: unknown): unknown {
    if (isPlain(value) && !(value === undefined && Array.isArray(this))) return value
    throw new TypeError(
      `The cached function ${prefix} can't make a key of its arguments, because JSON can't hold one ` +
        'of them. Give it a keyFn.',
    )
  }
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object') return !['bigint', 'function', 'symbol'].includes(typeof value)
  if (value === null || Array.isArray(value)) return true
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
