import { compareNatural } from '../../edits/collation.ts'
import type { Field } from '../../options/field.ts'
import type { Names } from '../../options/names.ts'
import { type Code, layOut, layOutNames, object } from './layout.ts'
import { quoted } from './literal.ts'

/** What the templates of the repository and the routes need. */
export function routesData(names: Names, fields: readonly Field[], isPublic: boolean) {
  const from = ` from './${names.kebab}.schema.ts'`
  const named = (...endings: readonly string[]): string[] =>
    endings.map((ending) => names.pascal + ending)
  const config = (action: 'read' | 'write', cache: Code): string => {
    const permission = quoted(`${names.kebabPlural}:${action}`)
    const access = isPublic ? {} : { access: object({ permission }) }
    return layOut(`const ${action} = `, object({ ...access, cache }), '', 0)
  }
  const model = [
    { name: names.pascal + 'Row', code: `type ${names.pascal}Row` },
    { name: names.camelPlural, code: `${names.camelPlural} as table` },
  ].sort((a, b) => compareNatural(a.name, b.name))
  return {
    modelImport: layOutNames(
      'import ',
      model.map(({ code }) => code),
      ` from './${names.kebab}.model.ts'`,
    ),
    repositoryImport: layOutNames('import type ', named('Create', 'Query', 'Update'), from),
    routesImport: layOutNames('import ', named('', 'Create', 'Query', 'Update'), from),
    readConfig: config('read', '{ ttl: 60, tags }'),
    writeConfig: config('write', '{ invalidates: tags }'),
    conflict: fields.some(({ unique }) => unique) ? '409, ' : '',
    article: articleOf(names.phrase),
  }
}

/** `an order`, `a user`. */
export function articleOf(phrase: string): 'a' | 'an' {
  return /^(?!uni|use|usu|eu|one|ur[aeiou])[aeiou]/.test(phrase) ? 'an' : 'a'
}
