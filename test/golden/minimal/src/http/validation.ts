import AjvCompiler, {
  type BuildCompilerFromPool,
  type RouteDefinition,
} from '@fastify/ajv-compiler'
import type { FastifyError, FastifySchemaValidationError } from 'fastify'
import { type Static, Type } from 'typebox'

const strict = {
  allErrors: true,
  coerceTypes: false,
  removeAdditional: false,
  // Checking against the meta-schema takes longer than compiling every schema of a service, and
  // Ajv's strict mode already refuses unknown keywords and wrong types of their values.
  validateSchema: false,
} as const
const coercing = { ...strict, coerceTypes: 'array' } as const

/** Fastify asks again for every route; the compiler keeps one validator per set of schemas. */
const build = AjvCompiler()

/**
 * Validators that report every error and remove nothing. A body must have the types of its schema;
 * path, query and headers are text, so they are converted. Schemas of headers use lower-case names.
 */
export const buildValidator: BuildCompilerFromPool = (schemas) => {
  const compileBody = build(schemas, { customOptions: strict })
  const compileText = build(schemas, { customOptions: coercing })
  return (route) => {
    // The package types this as a schema, but it receives the whole route definition.
    const { httpPart } = route as unknown as RouteDefinition
    return httpPart === 'body' ? compileBody(route) : finite(compileText(route))
  }
}

const infinite: readonly unknown[] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]

type Validator = ReturnType<ReturnType<BuildCompilerFromPool>>

/** Ajv converts `1e999` to Infinity, which is valid where the schema has no `maximum`. */
function finite(validate: Validator): Validator {
  const check = (values: Record<string, unknown>) => {
    if (!validate(values)) return { error: validate.errors }
    const name = Object.keys(values).find((key) => infinite.includes(values[key]))
    if (name === undefined) return true
    return { error: [{ params: {}, instancePath: `/${name}`, message: 'must be finite' }] }
  }
  return check as unknown as Validator
}

/** One fault of a request. It never holds the value that was sent. */
export const ValidationIssue = Type.Object({
  detail: Type.String({ description: 'What is wrong.' }),
  // As a URI fragment (RFC 6901, section 6).
  pointer: Type.String({ description: 'JSON Pointer to it.' }),
  in: Type.Optional(
    Type.Enum(['path', 'query', 'header'], {
      description: 'The part of the request; the body if absent.',
    }),
  ),
})
export type ValidationIssue = Static<typeof ValidationIssue>

/** The part of a request that a validator looked at, as Fastify names it. */
type Part = NonNullable<FastifyError['validationContext']>

const maxIssues = 100

const parts: Partial<Record<Part, ValidationIssue['in']>> = {
  params: 'path',
  querystring: 'query',
  headers: 'header',
}

/** What a validator found in one part of a request, without the values that were sent. */
export function toIssues(errors: readonly FastifySchemaValidationError[], part: Part) {
  const where = parts[part]
  return errors.slice(0, maxIssues).map((error) => ({
    detail: describe(error),
    pointer: `#${toFragment(error.instancePath + missingKey(error))}`,
    ...(where && { in: where }),
  }))
}

/** Ajv reports a missing or unknown property at the object that contains it. */
function missingKey({ keyword, params }: FastifySchemaValidationError): string {
  const key = keyword === 'required' ? params.missingProperty : params.additionalProperty
  return typeof key === 'string' ? `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}` : ''
}

/** As in RFC 6901, section 6. Half a surrogate pair, in a query for example, has no UTF-8. */
function toFragment(pointer: string): string {
  return encodeURI(Buffer.from(pointer).toString()).replaceAll('#', '%23')
}

function describe({ keyword, params, message }: FastifySchemaValidationError): string {
  if (keyword === 'required') return 'is required'
  if (keyword === 'additionalProperties') return 'is not known'
  if (keyword === 'enum') return `must be one of ${[params.allowedValues].flat().join(', ')}`
  return message ?? 'is not valid'
}
