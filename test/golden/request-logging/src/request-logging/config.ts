import { Type } from 'typebox'
import { integer } from '../config/types.ts'

/** Whether the log says more about each request than the access log does by itself. */
export const requestLogging = Type.Object({
  /** Default: in development, and with APP_DEBUG. */
  enabled: Type.Optional(Type.Boolean({ env: 'REQUEST_LOGGING_ENABLED' })),
  /** Largest body (bytes, as JSON) that is logged. */
  maxBodySize: integer('REQUEST_LOGGING_MAX_BODY_SIZE', 10_000, { minimum: 0, maximum: 1e6 }),
})
