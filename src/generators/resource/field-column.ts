import type { Field } from '../../options/field.ts'
import type { Names } from '../../options/names.ts'
import { constraintName } from './constraint-name.ts'
import { type Call, type Code, call, chain, list, object } from './layout.ts'
import { quoted, sqlQuoted } from './literal.ts'

type Column = { readonly type: Call; readonly sql: string }

/** The column of a field: Drizzle's builder and the type in SQL. */
function columnOf(field: Field): Column {
  switch (field.type) {
    case 'string': {
      const length = String(field.length)
      return { type: call('varchar', object({ length })), sql: `varchar(${length})` }
    }
    case 'text':
      return { type: call('text'), sql: 'text' }
    case 'enum':
      return {
        type: call('text', object({ enum: list((field.values ?? []).map(quoted)) })),
        sql: 'text',
      }
    case 'int':
      return { type: call('integer'), sql: 'integer' }
    case 'bigint':
      return { type: call('bigint', object({ mode: "'bigint'" })), sql: 'bigint' }
    case 'float':
      return { type: call('doublePrecision'), sql: 'double precision' }
    case 'decimal': {
      const precision = String(field.precision)
      const scale = String(field.scale)
      return {
        type: call('numeric', object({ precision, scale })),
        sql: `numeric(${precision}, ${scale})`,
      }
    }
    case 'date':
      return { type: call('date', object({ mode: "'string'" })), sql: 'date' }
    case 'timestamp':
      return { type: call('timestamp'), sql: 'timestamp(3) with time zone' }
    case 'json':
      return { type: call('jsonb'), sql: 'jsonb' }
    case 'boolean':
    case 'uuid':
      return { type: call(field.type), sql: field.type }
  }
}

/** How a table is written. */
export interface ColumnStyle {
  /** Whether the names of columns are written out, for Drizzle without a casing. */
  readonly isNamed: boolean
  /** The type of a `json` field; none in JavaScript. */
  readonly jsonType?: string
}

const serviceStyle: ColumnStyle = { isNamed: false, jsonType: 'Json' }

/** Drizzle's builder of a field's column. */
export function columnCode(names: Names, field: Field, style = serviceStyle): Code {
  const { isNamed, jsonType } = style
  const type = isNamed && field.type === 'timestamp' ? call('timestamptz') : columnOf(field).type
  const named = isNamed ? call(type.callee, quoted(field.column), ...type.args) : type
  return chain(named, [
    ...(field.type === 'json' && jsonType !== undefined ? [call(`$type<${jsonType}>`)] : []),
    ...(field.array ? [call('array')] : []),
    ...(field.optional ? [] : [call('notNull')]),
    ...(field.unique ? [call('unique', ...ownName(names, field, 'unique', style))] : []),
    ...(field.default === undefined ? [] : [defaultCode(field, field.default)]),
  ])
}

/** What is imported for it. */
export function builderOf(field: Field): string {
  return columnOf(field).type.callee
}

/**
 * The name to give to a constraint or an index, where Drizzle would not give the same: it takes
 * `releasedAt` for a column `released_at`, and knows no limit.
 */
export function ownName(
  names: Names,
  field: Field,
  kind: 'unique' | 'index',
  { isNamed } = serviceStyle,
): readonly Code[] {
  const name = constraintName(names.snakePlural, field.column, kind)
  const usual = `${names.snakePlural}_${isNamed ? field.column : field.name}_${kind}`
  return name === usual ? [] : [quoted(name)]
}

/** The line of the column in CREATE TABLE. */
export function columnSql(field: Field): string {
  const parts = [
    `"${field.column}"`,
    columnOf(field).sql + (field.array ? '[]' : ''),
    ...(field.optional ? [] : ['NOT NULL']),
    ...(field.default === undefined ? [] : [`DEFAULT ${defaultSql(field, field.default)}`]),
  ]
  return parts.join(' ')
}

/** Numbers stand bare, all else as text of which PostgreSQL makes the type. */
function defaultSql(field: Field, value: string): string {
  if (field.array) return "'{}'"
  if (value === 'now' && field.type === 'timestamp') return 'now()'
  return /^(int|bigint|float|boolean)$/.test(field.type) ? value : sqlQuoted(value)
}

function defaultCode(field: Field, value: string): Call {
  if (field.array) return call('default', '[]')
  switch (field.type) {
    case 'int':
    case 'float':
    case 'boolean':
      return call('default', value)
    case 'bigint':
      // A bigint literal as default breaks drizzle-kit.
      return call('default', `sql\`${value}\``)
    case 'timestamp':
      return call('default', value === 'now' ? 'sql`now()`' : call('new Date', quoted(value)))
    default:
      return call('default', quoted(value))
  }
}
