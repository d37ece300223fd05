import type { Field } from '../../options/field.ts'
import type { Names } from '../../options/names.ts'
import { constraintName } from './constraint-name.ts'
import { builderOf, type ColumnStyle, columnCode } from './field-column.ts'
import { call, chain, layOut, layOutNames, list } from './layout.ts'
import { quoted, sqlQuoted } from './literal.ts'

/** What the template of a table needs; it names its columns, so that any casing will do. */
export function foreignModelData(names: Names, fields: readonly Field[], isTyped: boolean) {
  const style: ColumnStyle = {
    isNamed: true,
    ...(isTyped ? { jsonType: 'Record<string, unknown> | unknown[]' } : {}),
  }
  const name = (column: string, kind: string) => constraintName(names.snakePlural, column, kind)
  const indexed = fields.filter(({ index }) => index)
  const listed = fields.filter(({ type }) => type === 'enum')
  const constraints = [
    ...[{ column: 'created_at_id', on: ['createdAt', 'id'] }, ...indexed.map(ofField)].map(
      ({ column, on }) =>
        chain(call('index', quoted(name(column, 'index'))), [
          call('on', ...on.map((property) => `table.${property}`)),
        ]),
    ),
    ...listed.map((field) => call('check', quoted(name(field.column, 'check')), condition(field))),
  ]
  const builders = ['index', 'pgTable', 'timestamp', 'uuid', ...fields.map(builderOf)]
  const hasMoments = fields.some(({ type }) => type === 'timestamp')
  if (listed.length > 0) builders.push('check')
  if (hasMoments) builders.push('customType')
  const columns = fields.map((field) =>
    layOut(`${field.name}: `, columnCode(names, field, style), ',', 4),
  )
  const usesSql = listed.length > 0 || columns.some((column) => column.includes('sql`'))
  return {
    modelImports: [
      ...(usesSql ? ["import { sql } from 'drizzle-orm'"] : []),
      layOutNames('import ', [...new Set(builders)].sort(), " from 'drizzle-orm/pg-core'"),
    ],
    columns,
    hasMoments,
    customType: `const timestamptz = customType${isTyped ? '<{ data: Date; driverData: string }>' : ''}({`,
    readMoment: `function readMoment(${isTyped ? 'text: string): Date' : 'text)'} {`,
    constraints: layOut('(table) => ', list(constraints), ',', 2),
  }
}

function ofField({ column, name }: Field) {
  return { column, on: [name] }
}

function condition({ name, values = [], array }: Field): string {
  const listed = values.map(sqlQuoted).join(', ')
  const test = array ? `<@ array[${listed}]::text[]` : `in (${listed})`
  return `sql\`\${table.${name}} ${test}\``
}
