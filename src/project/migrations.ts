import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { RefusedError } from '../errors.ts'
import type { Io } from '../model/io.ts'
import type { Project } from '../model/project.ts'
import { nextStamp, utcStamp } from '../system/clock.ts'
import { capture } from '../system/exec.ts'
import { exists, readTextIfAny } from '../system/files.ts'
import { isCommitted } from '../system/git.ts'

type Env = Io['env']

/** A stamp for a new migration: now, or the second after the newest that is there. */
export function freeStamp(project: Project, now: Date): string {
  const folder = project.kind === 'service' ? project.manifest.paths.migrations : 'migrations'
  const stamps = project.namesIn(folder).flatMap((name) => /^\d{14}(?=_)/.exec(name) ?? [])
  const newest = stamps.sort().at(-1)
  const stamp = utcStamp(now)
  return newest === undefined || newest < stamp ? stamp : nextStamp(newest)
}

/**
 * Those of some `.up.sql` files that count as applied: git's last commit has them, or the project's
 * own `db status` says so. Refuses where a database exists and cannot be asked.
 */
export async function appliedAmong(
  ups: readonly string[],
  root: string,
  env: Env,
): Promise<readonly string[]> {
  if (ups.length === 0) return []
  const committed: string[] = []
  for (const up of ups) if (await isCommitted(root, up)) committed.push(up)
  if (committed.length === ups.length || !hasDatabase(root, env)) return committed
  const applied = await appliedNames(root)
  return ups.filter((up) => committed.includes(up) || applied.some((name) => up.includes(name)))
}

export function downOf(up: string): string {
  return up.replace(/\.up\.sql$/, '.down.sql')
}

/** Sentences about the rows that go when applied migrations are taken back, or that went with them. */
export async function rowNotices(
  applied: readonly string[],
  root: string,
  env: Env,
): Promise<readonly string[]> {
  const dropped = (path: string) => droppedTables(readTextIfAny(join(root, path)) ?? '')
  const notices = applied
    .flatMap(dropped)
    .map((table) => `The table ${table} comes back without the rows that were dropped.`)
  if (!hasDatabase(root, env)) return notices
  // One after the other: only one process can open an embedded database.
  for (const table of applied.map(downOf).flatMap(dropped)) {
    const rows = await rowsOf(table, root)
    if (rows === 0) continue
    const count = rows === 1 ? '1 row, which goes' : `${rows} rows, which go`
    notices.push(`The table ${table} has ${count} when the new migration runs.`)
  }
  return notices
}

/** Asking opens the database, and that would make an embedded one that is not there yet. */
function hasDatabase(root: string, env: Env): boolean {
  const file = parseEnv(readTextIfAny(join(root, '.env')) ?? '')
  const setting = (name: string) => env[name] || file[name]
  return Boolean(setting('DATABASE_URL')) || exists(resolve(root, setting('DATA_DIR') || '.data'))
}

/** What the project's `db status --json` prints. */
interface MigrationStatus {
  readonly migrations: readonly { readonly id: string; readonly state: string }[]
}

function askDatabase(root: string, ...args: readonly string[]) {
  return capture({ program: 'tsx', args: ['src/cli/main.ts', 'db', ...args, '--json'], cwd: root })
}

/** Names without a schema, as migrations have to write them. */
function droppedTables(sql: string): readonly string[] {
  return [...sql.matchAll(/^\s*DROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?([^;]+)/gim)]
    .flatMap(([, names = '']) => names.split(','))
    .flatMap((name) => /^\s*"?(\w+)"?\s*(?:CASCADE|RESTRICT)?\s*$/i.exec(name)?.[1] ?? [])
}

/** Zero too where nobody can tell. */
async function rowsOf(table: string, root: string): Promise<number> {
  const { stdout } = await askDatabase(root, 'rows', table)
  try {
    return (JSON.parse(stdout) as { readonly rows?: number }).rows ?? 0
  } catch {
    return 0
  }
}

async function appliedNames(root: string): Promise<readonly string[]> {
  const asked = await askDatabase(root, 'status')
  try {
    const { migrations } = JSON.parse(asked.stdout) as MigrationStatus
    return migrations.filter(({ state }) => state !== 'pending').map(({ id }) => id)
  } catch {
    throw new RefusedError([
      {
        code: 'MIGRATION_STATE',
        message: `The database could not be asked whether the migration is applied: ${lastLine(asked.failure)}`,
        hint: 'Make `npm run cli -- db status` work (install the dependencies, start the database), then run the command again.',
      },
    ])
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
