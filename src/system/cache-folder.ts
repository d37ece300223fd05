import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { sha256 } from './hash.ts'
import { nearestExisting } from './places.ts'

/** A few versions of Node, side by side, at some megabytes each. */
const KEPT = 3
const DIGEST_BYTES = 32
/** A named folder may hold files of its owner's, too. */
const PREFIX = 'compiled-'

/** This user's folder for what can be made again; `CREATE_SERVICE_CACHE` names another, or `off`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env.CREATE_SERVICE_CACHE
  if (named === 'off') return undefined
  return named ? resolve(named) : join(usersCaches(env), 'create-service')
}

function usersCaches(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return env.LOCALAPPDATA ?? join(homedir(), 'AppData/Local')
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches')
  const told = env.XDG_CACHE_HOME ?? ''
  return isAbsolute(told) ? told : join(homedir(), '.cache')
}

/** The bytes that were kept under a name: only if they are whole, and nobody else could write them. */
export function kept(folder: string, name: string): Buffer | undefined {
  try {
    const file = fileFor(folder, name)
    if (!isOurs(statSync(folder)) || !isOurs(statSync(file))) return undefined
    const sealed = readFileSync(file)
    const bytes = sealed.subarray(DIGEST_BYTES)
    return sealed.toString('hex', 0, DIGEST_BYTES) === sha256(bytes) ? bytes : undefined
  } catch {
    return undefined
  }
}

/** Keeps bytes, and of those of other names the newest few. A cache that fails is none. */
export function keep(folder: string, name: string, make: () => Buffer): void {
  try {
    // Run by sudo, this would leave a folder in somebody's home that its owner cannot write to.
    if (!isOursToUse(statSync(nearestExisting(folder)))) return
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (!isOurs(statSync(folder))) return
    const bytes = make()
    replace(fileFor(folder, name), Buffer.concat([Buffer.from(sha256(bytes), 'hex'), bytes]))
    for (const old of filesByAge(folder).slice(KEPT)) rmSync(old, { force: true })
  } catch {}
}

/** At once, so that a process beside this one reads the old file or the new one. */
function replace(file: string, bytes: Buffer): void {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, bytes, { mode: 0o600, flag: 'wx' })
    renameSync(temporary, file)
  } finally {
    rmSync(temporary, { force: true })
  }
}

function fileFor(folder: string, name: string): string {
  return join(folder, `${PREFIX}${name}`)
}

function filesByAge(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => join(folder, name))
    .map((file) => ({ file, time: statSync(file).mtimeMs }))
    .sort((a, b) => b.time - a.time)
    .map(({ file }) => file)
}

/** Windows has no owners here; what lies below a user's profile is that user's. */
function isOurs({ uid, mode }: Stats): boolean {
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
}

function isOursToUse({ uid }: Stats): boolean {
  return process.getuid === undefined || uid === process.getuid() || uid === 0
}
