import type { Field } from '../../options/field.ts'
import type { Names } from '../../options/names.ts'
import { constraintName } from './constraint-name.ts'
import { builderOf, columnCode, columnSql, ownName } from './field-column.ts'
import { type Code, call, chain, layOut, layOutAlias, layOutNames, list } from './layout.ts'
import { quoted, sqlQuoted } from './literal.ts'

/** What the templates of the model and of its migration need. */
export function modelData(names: Names, fields: readonly Field[]) {
  const indexed = fields.filter(({ index }) => index)
  const columns = fields.map((field) => layOut(`${field.name}: `, columnCode(names, field), ',', 4))
  const constraints = [
    ...fields.filter(isEnum).map((field) => listedCode(names, field)),
    ...indexed.map((field) => indexCode(names, field)),
    sortIndexCode(names),
  ]
  return {
    modelImports: modelImports(
      fields,
      columns.some((column) => column.includes('sql`')),
    ),
    columns,
    constraints: layOut('(table) => ', list(constraints), ',', 2),
    rowType: layOutAlias(`${names.pascal}Row`, `typeof ${names.camelPlural}.$inferSelect`),
    tableLines: tableLines(names, fields),
    indexes: [
      ...indexed.map(({ column }) => ({
        name: constraintName(names.snakePlural, column, 'index'),
        columns: `"${column}"`,
      })),
      { name: sortIndexName(names), columns: '"created_at", "id"' },
    ],
  }
}

function modelImports(fields: readonly Field[], usesSql: boolean): readonly string[] {
  const builders = new Set(['index', 'pgTable', 'uuid', ...fields.map(builderOf)])
  const own = ['timestamps']
  if (builders.delete('timestamp')) own.unshift('timestamp')
  if (fields.some(isEnum)) own.unshift('listed')
  return [
    ...(usesSql ? ["import { sql } from 'drizzle-orm'"] : []),
    layOutNames('import ', [...builders].sort(), " from 'drizzle-orm/pg-core'"),
    `import { ${own.join(', ')} } from '../../db/columns.ts'`,
    ...(fields.some(({ type }) => type === 'json')
      ? ["import type { Json } from '../../db/json-types.ts'"]
      : []),
  ]
}

/** Lists sort by the time of creation, and by the id where it is the same. */
function sortIndexCode(names: Names): Code {
  return chain(call('index', quoted(sortIndexName(names))), [
    call('on', 'table.createdAt', 'table.id'),
  ])
}

function sortIndexName({ snakePlural }: Names): string {
  return constraintName(snakePlural, 'created_at_id', 'index')
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
