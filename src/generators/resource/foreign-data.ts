import type { Habits } from '../../model/place.ts'
import type { SchemaStyle } from '../../model/schemas.ts'
import type { Field } from '../../options/fields.ts'
import type { Names } from '../../options/names.ts'
import type { DrizzleHandle } from '../../project/drizzle-handle.ts'
import { builderImports } from '../plugin/schemas.ts'
import { specifierOf } from '../specifier.ts'
import { foreignModelData } from './foreign-model.ts'
import { foreignTypeBoxData } from './foreign-typebox.ts'
import { foreignValueData } from './foreign-values.ts'
import { foreignZodData } from './foreign-zod.ts'
import { layOut, layOutNames, list } from './layout.ts'
import { quoted } from './literal.ts'
import { articleOf } from './routes-data.ts'

/** The files of a resource, from the project's root. */
export interface ForeignFiles {
  readonly model: string
  /** The file that exports the model; none where drizzle-kit reads the folder. */
  readonly barrel: string | null
  readonly schema: string
  readonly repository: string
  readonly routes: string
}

interface ForeignResource {
  readonly names: Names
  readonly fields: readonly Field[]
  readonly files: ForeignFiles
  readonly habits: Pick<Habits, 'language' | 'specifierEnding'>
  readonly handle: DrizzleHandle
  readonly schemas: SchemaStyle
}

/** What the templates of a resource may refer to in a project that was made elsewhere. */
export function foreignResourceData(resource: ForeignResource) {
  const { names, fields, files, habits, handle, schemas: style } = resource
  const isTyped = habits.language === 'typescript'
  const to = (from: string, file: string) => specifierOf(from, file, habits.specifierEnding)
  const { camel, pascal, phrase, kebabPlural } = names
  const from = (file: string) => ` from '${to(file, files.schema)}'`
  const named = (word: string, endings: readonly string[]) => endings.map((it) => word + it)
  const schemas = named(camel, ['Answer', 'Create', 'Page', 'Params', 'Query', 'Update'])
  const imported = style.kind === 'unknown' ? ['fieldsOf', 'pageOf'] : schemas
  const types = named(pascal, ['Create', 'Params', 'Query', 'Update'])
  const rows = named(pascal, ['Create', 'Query', 'Row', 'Update'])
  return {
    ...names,
    files,
    isTyped,
    article: articleOf(phrase),
    prefix: `/${kebabPlural}`,
    ...foreignModelData(names, fields, isTyped),
    isBare: isTyped && fields.length === 0,
    ...foreignValueData(names, fields, isTyped),
    ...styleData(resource, isTyped),
    modelFromResource: to(files.schema, files.model),
    repositoryFromRoutes: to(files.routes, files.repository),
    repositoryImport: layOutNames('import type ', rows, from(files.repository)),
    schemaImport: layOutNames('import ', [...imported, 'toJson'], from(files.routes)),
    typeImport: layOutNames('import type ', types, from(files.routes)),
    handle: handle.kind === 'export' ? 'db' : propertyOf('app', handle.name),
    handleImport:
      handle.kind === 'export' ? [importOf(handle.name, to(files.routes, handle.file))] : [],
    taken: takenText(phrase, fields),
  }
}

/** What only the schemas of one style need. */
function styleData(
  { names, fields, files, habits, schemas: style }: ForeignResource,
  isTyped: boolean,
) {
  const rowFrom = specifierOf(files.schema, files.model, habits.specifierEnding)
  const row = `import type { ${names.camelPlural} as table } from '${rowFrom}'`
  const imports = [...builderImports(style, isTyped ? 'static' : 'esm'), ...(isTyped ? [row] : [])]
  switch (style.kind) {
    case 'zod':
      return { builderImports: imports, ...foreignZodData(names, fields, style) }
    case 'typebox':
      return { builderImports: imports, ...foreignTypeBoxData(names, fields, style, isTyped) }
    case 'unknown': {
      const all = list(fields.map(({ name }) => quoted(name)))
      const type = isTyped ? ': readonly string[]' : ''
      return { fieldNames: layOut(`const fields${type} = `, all, '', 0) }
    }
    case 'json':
      return {}
  }
}

/** Whatever its name there is, it is `db` here, which names nothing else. */
function importOf(name: string, from: string): string {
  if (name === 'default') return `import db from '${from}'`
  return `import { ${name === 'db' ? name : `${name} as db`} } from '${from}'`
}

function propertyOf(object: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${object}.${name}` : `${object}[${quoted(name)}]`
}

/** What a client is told that takes what another one has. */
function takenText(phrase: string, fields: readonly Field[]): string {
  const unique = fields.filter((field) => field.unique).map(({ name }) => name)
  return unique.length === 0 ? '' : `Another ${phrase} has the same ${unique.join(' or ')}.`
}
