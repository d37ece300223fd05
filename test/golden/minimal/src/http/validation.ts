import AjvCompiler, {
  type BuildCompilerFromPool,
  type RouteDefinition,
} from '@fastify/ajv-compiler'

// Not checked against the meta-schema: compiling that takes longer than all schemas of a service,
// and Ajv's strict mode refuses what is no keyword, or has a value of a wrong type.
const strict = {
  allErrors: true,
  coerceTypes: false,
  removeAdditional: false,
  validateSchema: false,
} as const
const coercing = { ...strict, coerceTypes: 'array' } as const

/** Fastify asks again for every route: the pool of the compiler has one for each set of schemas. */
const build = AjvCompiler()

/**
 * Validators that report every error and remove nothing. A body must have the types of its schema;
 * path, query and headers are text, so they are converted. Schemas of headers name them in lower
 * case.
 */
export const buildValidator: BuildCompilerFromPool = (schemas) => {
  const compileBody = build(schemas, { customOptions: strict })
  const compileText = build(schemas, { customOptions: coercing })
  return (route) => {
    // The types of the package call it a schema; what arrives is the schema with its place.
    const { httpPart } = route as unknown as RouteDefinition
    return httpPart === 'body' ? compileBody(route) : compileText(route)
  }
}
