import { ownStyle } from '../../edits/code-style.ts'
import type { Json } from '../../model/op.ts'
import type { CodeStyle, Place } from '../../model/place.ts'
import type { SchemaStyle } from '../../model/schemas.ts'
import type { UnitHead } from '../../model/unit.ts'
import type { Surroundings } from '../generator.ts'
import type { ForeignFile } from './foreign.ts'

/** How a file gets at what builds schemas: `static` for types that are derived from them, too. */
type Importing = 'esm' | 'commonjs' | 'static'

/** The import of what builds the schemas of a style; none for JSON Schema. */
export function builderImports(style: SchemaStyle, importing: Importing): readonly string[] {
  const found = builderOf(style, importing === 'static')
  if (found === undefined) return []
  const { clause, from } = found
  if (importing !== 'commonjs') return [`import ${clause} from '${from}'`]
  return [`const ${clause.startsWith('{') ? clause : '{ z }'} = require('${from}')`]
}

function builderOf(style: SchemaStyle, isStatic: boolean) {
  if (style.kind === 'zod') return style
  if (style.kind !== 'typebox') return undefined
  return { clause: isStatic ? '{ type Static, Type }' : '{ Type }', from: style.from }
}

/** What the templates of a router need for the one schema in them. */
export function routerSchemas(style: SchemaStyle, folder: ForeignFile['folder']) {
  const isTyped = folder === 'typescript'
  const provider = isTyped && style.kind !== 'unknown' ? style.provider : undefined
  const builders = builderImports(style, folder === 'commonjs' ? 'commonjs' : 'esm')
  const types = provider && `import type { ${provider.type} } from '${provider.from}'`
  const fastify = "import type { FastifyInstance } from 'fastify'"
  return {
    imports: [...(isTyped ? [fastify] : []), ...(types ? [types] : []), ...builders].sort(byModule),
    isJson: style.kind === 'json' && provider === undefined,
    isConstant: style.kind === 'json' && provider !== undefined,
    isZod: style.kind === 'zod',
    isTypeBox: style.kind === 'typebox',
    provider: provider?.type ?? '',
  }
}

function byModule(a: string, b: string): number {
  const [one = '', other = ''] = [a, b].map((line) => /'([^']+)'/.exec(line)?.[1])
  return one < other ? -1 : 1
}

/** What to say where the routes come without schemas. */
export function schemaNotices(style: SchemaStyle): readonly string[] {
  if (style.kind !== 'unknown') return []
  const where = style.at === undefined ? 'of this project' : `that is set in ${style.at}`
  return [
    `The schema compiler ${where} isn't one that create-service knows, so the routes have no schemas: add yours for bodies, parameters and answers.`,
  ]
}

/** How the files of a thing are written. What isn't as usual is recorded, for later runs. */
export interface Writing {
  readonly schemas: SchemaStyle
  readonly style: CodeStyle
  readonly args: { readonly [argument: string]: Json }
}

const usual: SchemaStyle = { kind: 'json' }

/** As it was written before, else as the project writes around the place of its registration. */
export function writingOf(
  before: UnitHead | undefined,
  place: Place,
  { schemas, styleAt }: Pick<Surroundings, 'schemas' | 'styleAt'>,
): Writing {
  const { args: known } = before ?? {}
  const found = {
    schemas: known === undefined ? schemas(place) : ((known.schemas ?? usual) as SchemaStyle),
    style: known === undefined ? styleAt(place) : ((known.style ?? ownStyle) as CodeStyle),
  }
  const isUsual = (value: object, other: object) => JSON.stringify(value) === JSON.stringify(other)
  return {
    ...found,
    args: {
      ...(isUsual(found.schemas, usual) ? {} : { schemas: { ...found.schemas } as Json }),
      ...(isUsual(found.style, ownStyle) ? {} : { style: { ...found.style } }),
    },
  }
}
