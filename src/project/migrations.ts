import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { RefusedError } from '../errors.ts'
import type { Io } from '../model/io.ts'
import type { Project } from '../model/project.ts'
import type { Unit } from '../model/unit.ts'
import { nextStamp, utcStamp } from '../system/clock.ts'
import { capture } from '../system/exec.ts'
import { exists, readTextIfAny } from '../system/files.ts'
import { isCommitted } from '../system/git.ts'

type Env = Io['env']

/** A stamp for a new migration: now, or the next second that no migration has. */
export function freeStamp(project: Project, now: Date): string {
  const folder = project.kind === 'service' ? project.manifest.paths.migrations : 'migrations'
  const taken = new Set(project.namesIn(folder).map((name) => name.slice(0, 14)))
  let stamp = utcStamp(now)
  while (taken.has(stamp)) stamp = nextStamp(stamp)
  return stamp
}

/**
 * The unit's `.up.sql` files that count as applied: git's last commit has them, or the project's
 * own `db status` says so. Refuses where a database exists and cannot be asked.
 */
export async function appliedMigrations(
  project: Project,
  unit: Unit,
  env: Env,
): Promise<readonly string[]> {
  const ups = Object.keys(unit.files).filter((path) => path.endsWith('.up.sql'))
  if (ups.length === 0) return []
  const committed: string[] = []
  for (const up of ups) if (await isCommitted(project.root, up)) committed.push(up)
  if (committed.length === ups.length || !hasDatabase(project.root, env)) return committed
  const applied = await appliedNames(project.root)
  return ups.filter((up) => committed.includes(up) || applied.some((name) => up.includes(name)))
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

async function appliedNames(root: string): Promise<readonly string[]> {
  const asked = await capture({
    program: 'tsx',
    args: ['src/cli/main.ts', 'db', 'status', '--json'],
    cwd: root,
  })
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
