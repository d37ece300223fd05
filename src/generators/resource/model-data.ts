import type { Field } from '../../options/field.ts'
import type { Names } from '../../options/names.ts'
import { constraintName } from './constraint-name.ts'
import { builderOf, columnCode, columnSql, ownName } from './field-column.ts'
import { type Code, call, chain, layOut, layOutNames } from './layout.ts'
import { quoted, sqlQuoted } from './literal.ts'

/** What the templates of the model and of its migration need. */
export function modelData(names: Names, fields: readonly Field[]) {
  const constraints = [
    ...fields.filter(isEnum).map((field) => listedCode(names, field)),
    ...fields.filter(({ index }) => index).map((field) => indexCode(names, field)),
  ]
  const head = `export const ${names.camelPlural} = pgTable('${names.snakePlural}', {`
  const open = constraints.length === 0 && head.length <= 100
  const indent = open ? 2 : 4
  return {
    modelImports: modelImports(fields),
    tableOpening: open ? `'${names.snakePlural}', {` : `\n  '${names.snakePlural}',\n  {`,
    tableClosing: tableClosing(open, constraints),
    indent: ' '.repeat(indent),
    columns: fields.map((field) =>
      layOut(`${field.name}: `, columnCode(names, field), ',', indent),
    ),
    tableLines: tableLines(names, fields),
    indexes: fields
      .filter(({ index }) => index)
      .map(({ column }) => ({ name: constraintName(names.snakePlural, column, 'index'), column })),
  }
}

function modelImports(fields: readonly Field[]): readonly string[] {
  const builders = new Set(['pgTable', 'timestamp', 'uuid', ...fields.map(builderOf)])
  if (fields.some(({ index }) => index)) builders.add('index')
  const bigDefault = fields.some(
    ({ type, array, default: value }) => type === 'bigint' && !array && value !== undefined,
  )
  return [
    ...(bigDefault ? ["import { sql } from 'drizzle-orm'"] : []),
    layOutNames('import ', [...builders].sort(), " from 'drizzle-orm/pg-core'"),
    ...(fields.some(({ type }) => type === 'json')
      ? ["import type { Json } from '../../db/json-types.ts'"]
      : []),
    ...(fields.some(isEnum) ? ["import { listed } from '../../db/listed.ts'"] : []),
  ]
}

function tableClosing(open: boolean, constraints: readonly Code[]): string {
  if (open) return '})'
  if (constraints.length === 0) return '  },\n)'
  const extra = layOut('(table) => ', { kind: 'list', items: constraints }, ',', 2)
  return `  },\n  ${extra}\n)`
}

function isEnum({ type }: Field): boolean {
  return type === 'enum'
}

function listedCode(names: Names, { name, column }: Field): Code {
  return call('listed', quoted(constraintName(names.snakePlural, column, 'check')), `table.${name}`)
}

function indexCode(names: Names, field: Field): Code {
  return chain(call('index', ...ownName(names, field, 'index')), [
    call('on', `table.${field.name}`),
  ])
}

/** The lines between the parentheses of CREATE TABLE; each but the last ends in a comma. */
function tableLines(names: Names, fields: readonly Field[]): readonly string[] {
  const time = 'timestamp(3) with time zone NOT NULL DEFAULT now()'
  const lines = [
    '"id" uuid PRIMARY KEY',
    ...fields.map(columnSql),
    `"created_at" ${time}`,
    `"updated_at" ${time}`,
    ...fields.filter(({ unique }) => unique).map((field) => uniqueSql(names, field)),
    ...fields.filter(isEnum).map((field) => checkSql(names, field)),
  ]
  return lines.map((line, index) => (index < lines.length - 1 ? `${line},` : line))
}

function uniqueSql(names: Names, { column }: Field): string {
  return `CONSTRAINT "${constraintName(names.snakePlural, column, 'unique')}" UNIQUE ("${column}")`
}

function checkSql(names: Names, { column, values = [], array }: Field): string {
  const list = values.map(sqlQuoted).join(', ')
  const condition = array ? `<@ ARRAY[${list}]::text[]` : `IN (${list})`
  const name = constraintName(names.snakePlural, column, 'check')
  return `CONSTRAINT "${name}" CHECK ("${column}" ${condition})`
}
