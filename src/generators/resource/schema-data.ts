import type { Field } from '../../options/field.ts'
import { isFilter } from '../../options/field-parse.ts'
import type { Names } from '../../options/names.ts'
import { fieldSchema, schemaImports, valueSchema } from './field-schema.ts'
import { type Code, call, layOut, layOutNames, layOutType, list } from './layout.ts'
import { quoted } from './literal.ts'

/** A cursor holds the sort value, and a URL has little room. */
const longestSorted = 1000

/** What the template of the schemas needs. */
export function schemaData(names: Names, fields: readonly Field[]) {
  const types = new Set(['refer', 'timestamp', 'uuid', ...fields.flatMap(schemaImports)])
  const usesTable = fields.some(({ type }) => type === 'enum')
  const sortKeys = ['id', ...fields.filter(isSorted).map(({ name }) => name)]
  return {
    ...declarations(names.pascal),
    schemaImports: [
      layOutNames('import ', [...types].sort(), " from '../../db/json-types.ts'"),
      "import { listQuery, pageOf } from '../../db/list-query.ts'",
      `import ${usesTable ? '' : 'type '}{ ${names.camelPlural} as table } from './${names.kebab}.model.ts'`,
    ],
    fields: fields.map((field) => layOut(`${field.name}: `, fieldSchema(field), ',', 2)),
    omittable: fields.filter(isOmittable).map((field) => ({
      name: field.name,
      schema: layOut(`${field.name}: `, call('Type.Optional', `fields.${field.name}`), ',', 4),
    })),
    listQuery: layOut(
      '...',
      call('listQuery', list([...sortKeys, 'createdAt', 'updatedAt'].map(quoted))),
      ',',
      4,
    ),
    filters: fields.filter(isFilter).map((field) => {
      const value = field.optional ? valueSchema(field) : `fields.${field.name}`
      return layOut(`${field.name}: `, call('Type.Optional', value), ',', 4)
    }),
  }
}

/** The declarations whose layout depends on the length of the name. */
function declarations(name: string) {
  const declared = (ending: string, value: Code): string =>
    layOut(`export const ${name}${ending} = `, value, '', 0)
  const type = (ending: string): string =>
    layOutType(`export type ${name}${ending} = Static`, `typeof ${name}${ending}`)
  return {
    baseType: type('Base'),
    createType: type('Create'),
    updateSchema: declared('Update', call('Type.Partial', `${name}Base`, 'strict')),
    updateType: type('Update'),
    answerType: type(''),
    reference: declared('Ref', call('refer', name)),
    pageSchema: declared('Page', call('pageOf', `${name}Ref`)),
    queryType: type('Query'),
  }
}

/** Whether a new one may come without the field. */
export function isOmittable(field: Field): boolean {
  return field.optional || field.default !== undefined
}

/** Prose and documents have no order that anybody asks for, and fit in no cursor. */
function isSorted({ type, optional, array, length = 0 }: Field): boolean {
  if (optional || array || type === 'json' || type === 'text') return false
  return length <= longestSorted
}
