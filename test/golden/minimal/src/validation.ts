import AjvCompiler, {
  type BuildCompilerFromPool,
  type RouteDefinition,
} from '@fastify/ajv-compiler'

const strict = { allErrors: true, coerceTypes: false, removeAdditional: false } as const
const coercing = { ...strict, coerceTypes: 'array' } as const

/**
 * Validators that report every error and remove nothing. A body must have the types of its schema;
 * path, query and headers are text, so they are converted. Schemas of headers name them in lower
 * case.
 */
export const buildValidator: BuildCompilerFromPool = (schemas) => {
  const build = AjvCompiler()
  const compileBody = build(schemas, { customOptions: strict })
  const compileText = build(schemas, { customOptions: coercing })
  return (route) => {
    // The types of the package call it a schema; what arrives is the schema with its place.
    const { httpPart } = route as unknown as RouteDefinition
    return httpPart === 'body' ? compileBody(route) : compileText(route)
  }
}
