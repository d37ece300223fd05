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
  return {
    repositoryImport: layOutNames('import type ', named('Create', 'Query', 'Update'), from),
    routesImport: layOutNames('import ', named('', 'Create', 'Query', 'Update'), from),
    readConfig: config('read', '{ ttl: 60, tags }'),
    writeConfig: config('write', '{ invalidates: tags }'),
    notFound: notFoundCode(`${names.title} not found.`),
    conflict: fields.some(({ unique }) => unique) ? '409, ' : '',
    article: articleOf(names.phrase),
  }
}

/** The statement that refuses a missing row, on two lines where one has no room for it. */
function notFoundCode(message: string): string {
  const [test, error] = ['  if (row === undefined)', `throw new NotFoundError(${quoted(message)})`]
  return `${test} ${error}`.length <= 100 ? `${test} ${error}` : `${test}\n    ${error}`
}

/** `an order`, `a user`. */
export function articleOf(phrase: string): 'a' | 'an' {
  return /^(?!uni|use|usu|eu|one|ur[aeiou])[aeiou]/.test(phrase) ? 'an' : 'a'
}
