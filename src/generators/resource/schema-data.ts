import type { Field } from '../../options/field.ts'
import { isFilter } from '../../options/field-parse.ts'
import type { Names } from '../../options/names.ts'
import { fieldSchema, schemaImports, valueSchema } from './field-schema.ts'
import { type Code, call, layOut, layOutNames, layOutType, list, object } from './layout.ts'
import { quoted } from './literal.ts'
import { articleOf } from './routes-data.ts'

/** What the template of the schemas needs. */
export function schemaData(names: Names, fields: readonly Field[]) {
  const types = new Set(['timestamp', 'uuid', ...fields.flatMap(schemaImports)])
  const usesTable = fields.some(({ type }) => type === 'enum')
  const sortKeys = ['id', 'createdAt', ...fields.filter(isSorted).map(({ name }) => name)]
  return {
    ...declarations(names.pascal),
    schemaImports: [
      layOutNames('import ', [...types].sort(), " from '../../db/json-types.ts'"),
      "import { listQuery } from '../../db/list.ts'",
      ...(usesTable
        ? [`import { ${names.camelPlural} as table } from './${names.kebab}.model.ts'`]
        : []),
    ],
    sentenceArticle: articleOf(names.phrase).replace('a', 'A'),
    fields: fields.map((field) => layOut(`${field.name}: `, fieldSchema(field), ',', 2)),
    omittable: fields.filter(isOmittable).map((field) => ({
      name: field.name,
      schema: layOut(`${field.name}: `, call('Type.Optional', `fields.${field.name}`), ',', 4),
    })),
    listQuery: layOut('...', call('listQuery', list(sortKeys.map(quoted))), ',', 4),
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
    createType: type('Create'),
    updateSchema: declared(
      'Update',
      call('Type.Partial', `${name}Base`, object({ '...strict': '', minProperties: '1' })),
    ),
    updateType: type('Update'),
    queryType: type('Query'),
  }
}

/** Whether a new one may come without the field. */
export function isOmittable(field: Field): boolean {
  return field.optional || field.default !== undefined
}

/** Without an index, sorting would read the whole table; null comes in no order. */
function isSorted({ optional, unique, index }: Field): boolean {
  return !optional && (unique || index)
}
