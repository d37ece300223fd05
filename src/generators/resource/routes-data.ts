import type { Field } from '../../options/field.ts'
import type { Names } from '../../options/names.ts'
import { layOutNames } from './layout.ts'

/** What the templates of the repository and the routes need. */
export function routesData(names: Names, fields: readonly Field[], isPublic: boolean) {
  const from = ` from './${names.kebab}.schema.ts'`
  const named = (...endings: readonly string[]): string[] =>
    endings.map((ending) => names.pascal + ending)
  const access = isPublic ? [] : ["access: 'authenticated'"]
  return {
    repositoryImport: layOutNames('import type ', named('Create', 'Query', 'Row', 'Update'), from),
    routesImport: layOutNames(
      'import ',
      named('', 'Create', 'Page', 'Query', 'Ref', 'Update'),
      from,
    ),
    policy: [...access, "rateLimit: 'standard'"].join(', '),
    conflict: fields.some(({ unique }) => unique) ? '409, ' : '',
    article: articleOf(names.phrase),
  }
}

/** `an order`, `a user`. */
export function articleOf(phrase: string): 'a' | 'an' {
  return /^(?!uni|use|usu|eu|one|ur[aeiou])[aeiou]/.test(phrase) ? 'an' : 'a'
}
