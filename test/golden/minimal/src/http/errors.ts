import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import FindMyWay, { type HTTPMethod } from 'find-my-way'
import { errorMessage } from '../observability/error-serializer.ts'
import {
  AppError,
  InternalServerError,
  MethodNotAllowedError,
  NotFoundError,
  ValidationError,
} from './app-error.ts'
import { Problem, problemMediaType, toProblem, ValidationProblem } from './problem.ts'
import { toIssues } from './validation.ts'

/** Returns what to tell the client about an error, or nothing if it doesn't know the error. */
export type ErrorMapper = (error: unknown) => AppError | undefined

declare module 'fastify' {
  interface FastifyInstance {
    /** Adds a mapper. The first one that knows an error decides. */
    mapErrors(mapper: ErrorMapper): void
  }
  interface FastifyRequest {
    /** What the client was told, if that was an error. */
    failure: AppError | null
  }
}

/**
 * Turns every error into a problem document; nothing else decides about a status. An error becomes
 * the client's only if it is an `AppError`, if a mapper knows it, or if Fastify itself blames the
 * client. Everything else is a 500 and logged with its cause, whatever `statusCode` it has: an SDK's
 * 401 is about our credentials, not the caller's.
 */
export const errors = fp(
  async (app) => {
    const { debug } = app.config.app
    const { problemBaseUri } = app.config.docs
    const mappers: ErrorMapper[] = []

    app.addSchema(Problem)
    app.addSchema(ValidationProblem)
    app.decorateRequest('failure', null)
    app.decorate('mapErrors', (mapper: ErrorMapper) => void mappers.push(mapper))

    function toAppError(error: unknown): AppError {
      if (error instanceof AppError) return error
      for (const mapper of mappers) {
        const mapped = mapper(error)
        if (mapped) return mapped
      }
      if (!(error instanceof Error)) return new InternalServerError(String(error), { cause: error })
      return fromFastify(error) ?? new InternalServerError(errorMessage(error), { cause: error })
    }

    app.setErrorHandler((error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const failure = toAppError(error)
      request.failure = failure
      const problem = toProblem(failure, request, problemBaseUri)
      if (failure.status === 500 && !debug) problem.detail = new InternalServerError().message
      return reply
        .code(failure.status)
        .headers({ 'cache-control': 'no-store', ...failure.headers })
        .type(problemMediaType)
        .serializer(JSON.stringify)
        .send(app.masker.mask(problem))
    })
  },
  { name: 'errors' },
)

/** The faults of a request that Fastify itself finds; their messages are written for clients. */
function fromFastify(error: Partial<FastifyError> & Error): AppError | undefined {
  const { code, statusCode = 500, validation = [], validationContext = 'body', message } = error
  if (code === 'FST_ERR_VALIDATION') {
    return new ValidationError(toIssues(validation, validationContext))
  }
  if (!code?.startsWith('FST_') || statusCode < 400 || statusCode >= 500) return undefined
  const detail = code === 'FST_ERR_BAD_URL' ? 'The path cannot be decoded.' : message
  return new AppError(statusCode, detail, { cause: error })
}

/** 404 for a path that doesn't exist, 405 with `Allow` for one that has other methods. */
export const notFound = fp(
  async (app) => {
    const router = FindMyWay()

    app.addHook('onRoute', ({ method, url }) => {
      // A route for all paths says nothing about which ones exist.
      if (url === '*' || url === '/*') return
      for (const each of [method].flat() as HTTPMethod[]) {
        if (!router.hasRoute(each, url)) router.on(each, url, () => {})
      }
    })

    app.setNotFoundHandler((request) => {
      const path = request.url.split('?', 1)[0] ?? '/'
      const methods = app.supportedMethods as HTTPMethod[]
      const allowed = methods.filter((method) => router.find(method, path))
      if (allowed.length > 0) throw new MethodNotAllowedError(request.method, allowed.sort())
      throw new NotFoundError('This path does not exist.')
    })
  },
  { name: 'not-found', dependencies: ['errors'] },
)
