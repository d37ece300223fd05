import { gt } from 'drizzle-orm'
import { errors } from 'jose'
import type { Database } from '../db/client.ts'
import { AppError } from '../http/app-error.ts'
import { counter, defineMetrics, gauge } from '../observability/metric-definitions.ts'
import type { Metrics, Recorders } from '../observability/metrics.ts'
import { authSessions } from './auth.model.ts'

/** A token is an `error` if it can't be verified, because the identity provider is away. */
export const authMetrics = defineMetrics('Auth', {
  attempts: counter('auth_attempts_total', 'Credentials shown, except access tokens.', {
    method: ['password', 'refresh_token', 'api_key'],
    result: ['success', 'failure'],
  }),
  validations: counter('auth_token_validations_total', 'Access tokens that were verified.', {
    result: ['valid', 'invalid', 'expired', 'error'],
  }),
  cacheHits: counter('auth_token_cache_hits_total', 'Look-ups of credentials verified before.', {
    result: ['hit', 'miss'],
  }),
  permissions: counter('permission_checks_total', 'Checks of a permission, or of `role:<name>`.', {
    permission: String,
    result: ['granted', 'denied'],
  }),
  registrations: counter('user_registrations_total', 'Accounts that were created.', {
    source: ['registration', 'identity_provider'],
  }),
  sessions: gauge('user_sessions_active', 'Sessions that go on.', {}, { across: 'max' }),
})

export type AuthMetrics = Recorders<typeof authMetrics>

/** The recorders of this feature. The sessions are counted before each page of metrics. */
export function measureAuth(metrics: Metrics, db: Database): AuthMetrics {
  const recorders = metrics.of(authMetrics)
  metrics.onCollect(async () => {
    const isActive = gt(authSessions.expiresAt, new Date())
    recorders.sessions.with({}).set(await db.$count(authSessions, isActive))
  })
  return recorders
}

type Method = (typeof authMetrics.definitions.attempts.labels.method)[number] | 'token'

/** Verifies a credential and counts the outcome. An outage says nothing about a credential. */
export async function counted<T>(
  { attempts, validations }: AuthMetrics,
  method: Method,
  verify: () => Promise<T>,
): Promise<T> {
  try {
    const result = await verify()
    if (method === 'token') validations.with({ result: 'valid' }).inc()
    else attempts.with({ method, result: 'success' }).inc()
    return result
  } catch (error) {
    const isRefused = error instanceof AppError && [401, 403, 429].includes(error.status)
    const isExpired = isRefused && error.cause instanceof errors.JWTExpired
    const result = isExpired ? 'expired' : isRefused ? 'invalid' : 'error'
    if (method === 'token') validations.with({ result }).inc()
    else if (isRefused) attempts.with({ method, result: 'failure' }).inc()
    throw error
  }
}
