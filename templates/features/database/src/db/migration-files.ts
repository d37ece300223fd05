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

/** Everything that is wrong with the files, one fault a line. */
export class MigrationFilesError extends StartupError {
  readonly faults: string[]

  constructor(faults: string[]) {
    super(['The migration files cannot be used:', ...faults].join('\n  '))
    this.faults = faults
  }
}

/** `migrations/` of this service, from `src/db` and from `dist/db`. */
export const migrationsFolder = fileURLToPath(new URL('../../migrations/', import.meta.url))

const fileName = /^\d{14}_[a-z0-9]+(?:_[a-z0-9]+)*\.(up|down)\.sql$/
const withoutTransaction = /^-- migrate: no-transaction\s*$/
const transactionControl = /^(?:BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK)\b(?!\s+TO\b)/i

/**
 * Reads `<yyyymmddhhmmss>_<name>.up.sql` and `.down.sql`, in the order of their timestamps. Other
 * extensions are ignored.
 * @throws {MigrationFilesError} with every fault: names, missing halves, duplicates, contents
 */
export async function readMigrations(folder: string = migrationsFolder): Promise<Migration[]> {
  const files = (await readdir(folder).catch(nothingIfMissing))
    .filter((file) => file.toLowerCase().endsWith('.sql'))
    .sort()
  const scripts = await Promise.all(
    files.map(async (file) => parseScript(file, await readFile(join(folder, file), 'utf8'))),
  )
  const faults = [
    ...nameFaults(files),
    ...duplicateFaults(files),
    ...scripts.flatMap(contentFaults),
  ]
  if (faults.length > 0) throw new MigrationFilesError(faults)
  return pairs(scripts)
}

function parseScript(file: string, text: string): MigrationScript {
  const sql = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  return { file, sql, transaction: !withoutTransaction.test(sql.split('\n', 1).join()) }
}

function pairs(scripts: MigrationScript[]): Migration[] {
  return scripts.flatMap((up) => {
    const id = up.file.replace(/\.up\.sql$/, '')
    const down = scripts.find(({ file }) => file === `${id}.down.sql`)
    const checksum = createHash('sha256').update(up.sql).digest('hex')
    return down ? [{ id, up, down, checksum }] : []
  })
}

function nameFaults(files: string[]): string[] {
  return files.flatMap((file) => {
    const way = fileName.exec(file)?.[1]
    if (way === undefined) {
      return [`${file}: the name must be <yyyymmddhhmmss>_<snake_case>.up.sql or .down.sql`]
    }
    const other = file.replace(/(?:up|down)\.sql$/, way === 'up' ? 'down.sql' : 'up.sql')
    return files.includes(other) ? [] : [`${file}: ${other} is missing`]
  })
}

function duplicateFaults(files: string[]): string[] {
  return files.flatMap((file, index) => {
    const timestamp = file.slice(0, 14)
    const first = files.find((other) => other.startsWith(timestamp) && other.endsWith('.up.sql'))
    const isDuplicate = file.endsWith('.up.sql') && first && files.indexOf(first) < index
    return isDuplicate ? [`${file}: ${first} has the same timestamp`] : []
  })
}

function contentFaults({ file, sql, transaction }: MigrationScript): string[] {
  const statements = sqlStatements(sql)
  if (statements.length === 0) return [`${file}: contains no statement`]
  if (!transaction && statements.length > 1) {
    return [
      `${file}: without a transaction only one statement is allowed, not ${statements.length}`,
    ]
  }
  return statements
    .filter((statement) => transactionControl.test(statement))
    .map((statement) => `${file}: ${statement} is not allowed, the migrator does that`)
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
