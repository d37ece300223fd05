import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartupError } from '../startup-error.ts'

export interface MigrationScript {
  /** For example `20260131094500_create_products.up.sql`. */
  file: string
  sql: string
  /** False if the first line is `-- migrate: no-transaction`. */
  transaction: boolean
}

export interface Migration {
  /** File name without its extensions, for example `20260131094500_create_products`. */
  id: string
  up: MigrationScript
  down: MigrationScript
  /** SHA-256 of the up script, hexadecimal; the same for LF and CRLF. */
  checksum: string
}

export class MigrationFileError extends StartupError {
  constructor(file: string, fault: string) {
    super(`The migration file ${file} cannot be used: ${fault}.`)
  }
}

/** `migrations/` of this service, from `src/db` and from `dist/db`. */
const migrationsFolder = fileURLToPath(new URL('../../migrations/', import.meta.url))

const fileName = /^(\d{14}_[a-z0-9]+(?:_[a-z0-9]+)*)\.(up|down)\.sql$/
const withoutTransaction = /^-- migrate: no-transaction\s*$/m
const transactionControl = /^(?:BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK)\b(?!\s+TO\b)/i

/**
 * Reads `<yyyymmddhhmmss>_<name>.up.sql` and `.down.sql`, in the order of their timestamps. Other
 * extensions are ignored.
 * @throws {MigrationFileError} for a wrong name, a missing half, a duplicate, unusable contents
 */
export async function readMigrations(folder: string = migrationsFolder): Promise<Migration[]> {
  const files = (await readdir(folder).catch(nothingIfMissing))
    .filter((file) => file.toLowerCase().endsWith('.sql'))
    .sort()
  const migrations: Migration[] = []
  for (const file of files) {
    const [, id, way] = fileName.exec(file) ?? []
    if (id === undefined) {
      const form = '<yyyymmddhhmmss>_<snake_case>.up.sql or .down.sql'
      throw new MigrationFileError(file, `the name must be ${form}`)
    }
    const other = `${id}.${way === 'up' ? 'down' : 'up'}.sql`
    if (!files.includes(other)) throw new MigrationFileError(file, `${other} is missing`)
    if (way === 'down') continue
    if (migrations.at(-1)?.id.startsWith(id.slice(0, 14))) {
      throw new MigrationFileError(file, 'another one has the same timestamp')
    }
    const up = await readScript(folder, file)
    const down = await readScript(folder, other)
    const checksum = createHash('sha256').update(up.sql).digest('hex')
    migrations.push({ id, up, down, checksum })
  }
  return migrations
}

async function readScript(folder: string, file: string): Promise<MigrationScript> {
  const text = await readFile(join(folder, file), 'utf8')
  const sql = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const transaction = sql.search(withoutTransaction) !== 0
  const statements = sqlStatements(sql)
  if (statements.length === 0) throw new MigrationFileError(file, 'it contains no statement')
  if (!transaction && statements.length > 1) {
    throw new MigrationFileError(file, 'without a transaction only one statement is allowed')
  }
  const control = statements.find((statement) => transactionControl.test(statement))
  if (control) throw new MigrationFileError(file, `${control} is not allowed, the migrator does it`)
  return { file, sql, transaction }
}

function nothingIfMissing(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return []
  throw error
}

/** What can contain a semicolon (PostgreSQL, section 4.1), then names, then any character. */
const tokens = new RegExp(
  [
    /(?<comment>--[^\n]*|\/\*(?:\/\*(?:(?!\*\/).)*\*\/|(?!\/\*|\*\/).)*\*\/)/,
    /(?<end>;)/,
    /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"/,
    /(?<tag>\$(?:[A-Za-z_]\w*)?\$).*?\k<tag>/,
    /[A-Za-z_][\w$]*|./,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gs',
)

/**
 * Splits a script into statements without comments. Comments may be nested once; `BEGIN ATOMIC`
 * bodies aren't recognised.
 */
export function sqlStatements(script: string): string[] {
  const statements = ['']
  for (const { 0: token, groups } of script.matchAll(tokens)) {
    if (groups?.end) statements.unshift('')
    else statements[0] += groups?.comment ? ' ' : token
  }
  return statements
    .reverse()
    .map((statement) => statement.trim())
    .filter(Boolean)
}
