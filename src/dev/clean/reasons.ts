import { dirname, isAbsolute, join } from 'node:path'
import { isReallyWithin } from '../../system/places.ts'
import type { Entry } from '../../system/removing.ts'
import type { Candidate } from './candidates.ts'

/** What git knows about the candidates; undefined outside a repository. */
export interface Tracking {
  readonly tracked: readonly string[]
  /** Nothing where the project itself is ignored. */
  readonly ignored: readonly string[] | undefined
}

const precious = new Set(['.git', '.data', '.env', '.create-service', 'PG_VERSION'])
const own = new Set(['.git', '.data', '.env', '.create-service', 'src', 'test'])

/** Why this command never touches a path, whatever it contains. */
export function reasonByPlace(root: string, path: string): string | undefined {
  const [first = '', second = ''] = path.split('/')
  if (first === '..' || isAbsolute(path)) return 'is outside the project'
  if (path === '') return 'is the project itself'
  if (own.has(first)) return 'belongs to the project'
  if (first === 'node_modules' && !second.startsWith('.')) return 'contains packages'
  return isReallyWithin(root, dirname(join(root, path)))
    ? undefined
    : 'is outside the project, behind a link'
}

/** Why something has to stay though a tool may have made it. */
export function reasonByContent(
  { path, certainty }: Candidate,
  entries: readonly Entry[],
  tracking: Tracking | undefined,
): string | undefined {
  const tracked = tracking?.tracked.filter((one) => one === path || one.startsWith(`${path}/`))
  if (tracked !== undefined && tracked.length > 0) return trackedText(path, tracked)
  const kept = path.startsWith('node_modules/') ? undefined : entries.find(isPrecious)
  if (kept !== undefined) return `contains ${kept.path}`
  if (tracking?.ignored !== undefined) {
    return tracking.ignored.includes(path) ? undefined : "git doesn't ignore it"
  }
  if (certainty === 'sure') return undefined
  const source = entries.find(({ name }) => /(?<!\.d)\.[cm]?tsx?$/.test(name))
  return source === undefined ? undefined : `contains sources, such as ${source.path}`
}

function isPrecious({ path, name }: Entry): boolean {
  return precious.has(name) && !path.includes('node_modules/')
}

function trackedText(path: string, tracked: readonly string[]): string {
  if (tracked[0] === path) return 'git tracks it'
  return `git tracks ${tracked.length} ${tracked.length === 1 ? 'file' : 'files'} in it`
}
