import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { AppError, InternalServerError, ValidationError } from './app-error.ts'
import { Problem, problemMediaType, toProblem, ValidationProblem } from './problem.ts'
import { toIssues } from './validation-issues.ts'

/** Gives the error that a client is told about, or nothing if the error is not its own. */
export type ErrorMapper = (error: unknown) => AppError | undefined

declare module 'fastify' {
  interface FastifyInstance {
    /** Adds a mapper; the first one that knows an error decides. */
    mapErrors(mapper: ErrorMapper): void
  }
  interface FastifyRequest {
    /** What the client was told, if that was an error. */
    failure: AppError | null
  }
}

/** Turns every error into a problem document; no other place decides about a status. */
export const errors = fp(
  async (app) => {
    const { debug } = app.config.app
    const { problemBaseUri } = app.config.docs
    const mappers: ErrorMapper[] = []

    app.addSchema(Problem)
    app.addSchema(ValidationProblem)
    app.decorateRequest('failure', null)
    app.decorate('mapErrors', (mapper: ErrorMapper) => {
      mappers.push(mapper)
    })

    function toAppError(error: unknown): AppError {
      if (error instanceof AppError) return error
      for (const mapper of mappers) {
        const mapped = mapper(error)
        if (mapped) return mapped
      }
      return fromFastify(error) ?? new InternalServerError(messageOf(error), { cause: error })
    }

    app.setErrorHandler((error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const known = toAppError(error)
      request.failure = known
      const problem = toProblem(known, request.url, request.id, problemBaseUri)
      if (known.status === 500 && !debug) problem.detail = new InternalServerError().message
      return reply
        .code(known.status)
        .headers({ 'cache-control': 'no-store', ...known.headers })
        .type(problemMediaType)
        .serializer(JSON.stringify)
        .send(problem)
    })
  },
  { name: 'errors' },
)

/** Errors that Fastify and its plugins blame on the client carry a status and a readable message. */
function fromFastify(error: unknown): AppError | undefined {
  if (!(error instanceof Error)) return undefined
  const { statusCode = 500, validation, validationContext, message } = error as FastifyError
  if (validation) return new ValidationError(toIssues(validation, validationContext ?? 'body'))
  if (statusCode < 400 || statusCode >= 500) return undefined
  const detail = error instanceof URIError ? 'The path cannot be read.' : message
  return new AppError(statusCode, detail, { cause: error })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
