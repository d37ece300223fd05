import fs from 'node:fs'
import { sep } from 'node:path'

/** One call of a function of `node:fs` that concerns a file below a folder. */
export interface DiskCall {
  readonly name: string
  /** The file; for a handle, the file that it was opened for. */
  readonly path: string
  /** Where a rename or a link leads. */
  readonly to?: string
  readonly isWrite: boolean
}

const writes = ['writeFileSync', 'fchmodSync', 'fchownSync', 'fsyncSync', 'fsync', 'closeSync']
  .concat(['renameSync', 'linkSync', 'copyFileSync', 'unlinkSync'])
  .concat(['mkdirSync', 'rmdirSync'])
const reads = ['openSync', 'statSync', 'lstatSync', 'fstatSync', 'readFileSync', 'readdirSync']

type Fs = Record<string, (...args: unknown[]) => unknown>

/**
 * Lets `before` see every call, before it happens, while `work` runs; it may throw in its place.
 * Syncs only seem to happen, so that it is fast.
 */
export async function withDiskCalls<T>(
  root: string,
  before: (call: DiskCall) => void,
  work: () => Promise<T>,
): Promise<T> {
  // What the program sees as `fs.…`: the properties of the module's default export.
  const module = fs as unknown as Fs
  const actual: Fs = {}
  const opened = new Map<unknown, string>()
  for (const name of [...writes, ...reads]) {
    const original = module[name]
    if (original === undefined) throw new Error(`node:fs has no ${name}`)
    actual[name] = original
    module[name] = (...args) => {
      const path = typeof args[0] === 'number' ? opened.get(args[0]) : String(args[0])
      if (path === undefined || !isBelow(root, path)) return original(...args)
      before(callOf(name, path, args))
      // What a sync is for shows in no test of this kind; that it is asked for does.
      if (name === 'fsyncSync') return undefined
      if (name === 'fsync') return process.nextTick(args[1] as () => void)
      const result = original(...args)
      if (name === 'openSync') opened.set(result, path)
      if (name === 'closeSync') opened.delete(args[0])
      return result
    }
  }
  try {
    return await work()
  } finally {
    Object.assign(module, actual)
  }
}

function callOf(name: string, path: string, args: readonly unknown[]): DiskCall {
  const to = typeof args[1] === 'string' && /^(rename|link|copy)/.test(name) ? args[1] : undefined
  const isWrite = writes.includes(name) || (name === 'openSync' && args[1] !== 'r')
  return { name, path, isWrite, ...(to === undefined ? {} : { to }) }
}

function isBelow(root: string, path: string): boolean {
  return path === root || path.startsWith(root + sep)
}

/** Nobody catches it: after it no call of the process happens any more. */
class Killed extends Error {}

/**
 * Lets the process die before one of its writes, counted from one: that call and all after it
 * throw. A text that was just being written is half there.
 * @returns whether it came to that call at all
 */
export async function killedAt(
  root: string,
  at: number,
  work: () => Promise<unknown>,
): Promise<boolean> {
  let count = 0
  const watch = ({ name, path, isWrite }: DiskCall) => {
    if (isWrite) count += 1
    if (count < at) return
    if (count === at && isWrite && name === 'writeFileSync') tear(path)
    count += 1
    throw new Killed()
  }
  await withDiskCalls(root, watch, work).catch(() => undefined)
  return count >= at
}

function tear(file: string): void {
  const text = '{"torn'
  // The path itself, not its handle: the handle belongs to the dead.
  if (fs.existsSync(file)) appendBytes(file, text)
}

const appendBytes = fs.appendFileSync

/** Some work without a fault. */
export function fast<T>(root: string, work: () => Promise<T>): Promise<T> {
  return withDiskCalls(root, () => {}, work)
}
