import type { FastifyError, FastifySchemaValidationError } from 'fastify'
import type { ValidationIssue } from './app-error.ts'

/** The part of a request that a validator looked at, as Fastify calls it. */
type Part = NonNullable<FastifyError['validationContext']>

/** More faults than this help nobody; the rest is left out. */
const maximum = 100

const parts: Partial<Record<Part, ValidationIssue['in']>> = {
  params: 'path',
  querystring: 'query',
  headers: 'header',
}

/** Turns what the validator found in one part of a request into issues without the sent values. */
export function toIssues(
  errors: readonly FastifySchemaValidationError[],
  part: Part,
): ValidationIssue[] {
  const where = parts[part]
  return errors.slice(0, maximum).map((error) => ({
    detail: describe(error),
    pointer: `#${fragment(error.instancePath + missingKey(error))}`,
    ...(where && { in: where }),
  }))
}

/** A fault of a property that is absent or unknown is reported at the object around it. */
function missingKey({ keyword, params }: FastifySchemaValidationError): string {
  const key = keyword === 'required' ? params.missingProperty : params.additionalProperty
  return typeof key === 'string' ? `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}` : ''
}

/** As RFC 6901, section 6 has it; a key may be no well-formed text. */
function fragment(pointer: string): string {
  return encodeURI(Buffer.from(pointer).toString()).replaceAll('#', '%23')
}

function describe({ keyword, params, message }: FastifySchemaValidationError): string {
  switch (keyword) {
    case 'required':
      return 'is required'
    case 'additionalProperties':
      return 'is not known'
    case 'enum':
      return `must be one of ${[params.allowedValues].flat().join(', ')}`
    default:
      return message ?? 'is not valid'
  }
}
