import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartupError } from '../startup-error.ts'
import { sqlStatements } from './sql-statements.ts'

export interface MigrationScript {
  /** For example `20260131094500_create_products.up.sql`. */
  file: string
  sql: string
  transaction: boolean
}

export interface Migration {
  /** File name without its ending, for example `20260131094500_create_products`. */
  id: string
  up: MigrationScript
  down: MigrationScript
  /** SHA-256 of the up script, hexadecimal; the same for both kinds of line ends. */
  checksum: string
}

/** All that is wrong with the files of the folder, one fault an entry. */
export class MigrationFilesError extends StartupError {
  readonly faults: string[]

  constructor(faults: string[]) {
    super(['The migration files cannot be used:', ...faults].join('\n  '))
    this.faults = faults
  }
}

/** `migrations/` of this service; `src/db` and `dist/db` lie equally deep. */
export const migrationsFolder = fileURLToPath(new URL('../../migrations/', import.meta.url))

const fileName = /^(?<timestamp>\d{14})_(?<name>[a-z0-9]+(?:_[a-z0-9]+)*)\.(?<way>up|down)\.sql$/
const withoutTransaction = /^-- migrate: no-transaction\s*$/
const transactionControl = /^(?:BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK)\b(?!\s+TO\b)/i

/**
 * Reads `<yyyymmddhhmmss>_<name>.up.sql` and `.down.sql`, in the order of their timestamps.
 * Files that do not end in `.sql` are left alone.
 * @throws {MigrationFilesError} with every fault: names, pairs, duplicates, contents
 */
export async function readMigrations(folder: string = migrationsFolder): Promise<Migration[]> {
  const files = (await readdir(folder).catch(nothingIfMissing))
    .filter((file) => file.toLowerCase().endsWith('.sql'))
    .sort()
  const faults = [...nameFaults(files), ...duplicateFaults(files)]
  const scripts = new Map<string, MigrationScript>()
  for (const file of files) {
    const script = parseScript(file, await readFile(join(folder, file), 'utf8'))
    faults.push(...contentFaults(script))
    scripts.set(file, script)
  }
  if (faults.length > 0) throw new MigrationFilesError(faults)
  return pairs(scripts)
}

/** One script, with the option of its first line: `-- migrate: no-transaction`. */
export function parseScript(file: string, text: string): MigrationScript {
  const sql = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  return { file, sql, transaction: !withoutTransaction.test(sql.split('\n', 1).join()) }
}

function pairs(scripts: Map<string, MigrationScript>): Migration[] {
  const migrations: Migration[] = []
  for (const [file, up] of scripts) {
    const id = file.replace(/\.up\.sql$/, '')
    const down = scripts.get(`${id}.down.sql`)
    if (down === undefined) continue
    migrations.push({ id, up, down, checksum: createHash('sha256').update(up.sql).digest('hex') })
  }
  return migrations
}

function nameFaults(files: string[]): string[] {
  return files.flatMap((file) => {
    const parts = fileName.exec(file)?.groups
    if (parts?.timestamp === undefined) {
      return [`${file}: the name must be <yyyymmddhhmmss>_<snake_case>.up.sql or .down.sql`]
    }
    if (!isTimestamp(parts.timestamp)) return [`${file}: ${parts.timestamp} is no date and time`]
    const other = file.replace(/(?:up|down)\.sql$/, parts.way === 'up' ? 'down.sql' : 'up.sql')
    return files.includes(other) ? [] : [`${file}: ${other} is missing`]
  })
}

function duplicateFaults(files: string[]): string[] {
  const faults: string[] = []
  const seen = new Map<string, string>()
  for (const file of files) {
    const parts = fileName.exec(file)?.groups
    if (parts?.way !== 'up') continue
    for (const part of [`timestamp ${parts.timestamp}`, `name ${parts.name}`]) {
      const first = seen.get(part)
      if (first !== undefined) faults.push(`${file}: ${first} has the same ${part}`)
      else seen.set(part, file)
    }
  }
  return faults
}

function contentFaults({ file, sql, transaction }: MigrationScript): string[] {
  const statements = sqlStatements(sql)
  if (statements.length === 0) return [`${file}: there is no statement in it`]
  if (!transaction && statements.length > 1) {
    return [`${file}: without a transaction there must be one statement, not ${statements.length}`]
  }
  return statements
    .filter((statement) => transactionControl.test(statement))
    .map((statement) => `${file}: ${statement} is not allowed, the migrator does that`)
}

function isTimestamp(digits: string): boolean {
  const iso = digits.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6.000Z')
  const date = new Date(iso)
  return !Number.isNaN(date.getTime()) && date.toISOString() === iso
}

function nothingIfMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return []
  throw error
}
