import { createHash } from 'node:crypto'
import type { CacheOptions } from './manager.ts'

/** How the results of a function are cached. */
export interface CachedOptions<A extends unknown[] = unknown[]> extends CacheOptions {
  /** Begins each key. Two functions never share one. */
  readonly keyPrefix: string
  /** What follows it, made of the arguments. Default: their JSON. */
  readonly keyFn?: (...args: A) => string
  /** Default: CACHE_STRATEGY. Reads after `write_*` are as with `cache_aside`. */
  readonly strategy?: 'cache_aside' | 'refresh_ahead' | 'write_through' | 'write_behind'
}

/** Longer keys end in a hash. */
const maxLength = 100
const hashLength = 43

/** @throws {TypeError} if the arguments don't tell one call from another */
export function keyOf<A extends unknown[]>(options: CachedOptions<A>, args: A): string {
  const { keyPrefix, keyFn = () => defaultKey(keyPrefix, args) } = options
  return boundedKey(`${keyPrefix}:${keyFn(...args)}`)
}

/** The key itself, or if it is long its beginning and a hash of it all. */
export function boundedKey(key: string): string {
  if (key.length <= maxLength) return key
  const hash = createHash('sha256').update(key).digest('base64url')
  return `${key.slice(0, maxLength - hashLength - 1)}:${hash}`
}

function defaultKey(prefix: string, args: readonly unknown[]): string {
  const texts = args.map((arg) => (arg === undefined ? '' : JSON.stringify(arg, checked(prefix))))
  // A missing argument is one that is undefined.
  return texts.join(',').replace(/,+$/, '')
}

/** Lets only those values pass whose JSON is like that of no other value. */
function checked(prefix: string) {
  return function (this: unknown, _name: string, value: unknown): unknown {
    if (isPlain(value) && !(value === undefined && Array.isArray(this))) return value
    throw new TypeError(
      `The arguments of the cached function ${prefix} have no key of their own, because JSON can't hold ` +
        'one of them. Pass a keyFn that makes a key of them.',
    )
  }
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) {
    return !['bigint', 'function', 'symbol'].includes(typeof value)
  }
  const prototype = Object.getPrototypeOf(value)
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null
}
