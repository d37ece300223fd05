import { gt } from 'drizzle-orm'
import { errors } from 'jose'
import type { Database } from '../db/client.ts'
import { AppError } from '../http/app-error.ts'
import { counter, defineMetrics, gauge } from '../observability/metric-definitions.ts'
import type { Metrics, Recorders } from '../observability/metrics.ts'
import { authSessions } from './auth.model.ts'

export const authMetrics = defineMetrics('Auth', {
  attempts: counter('auth_attempts_total', 'Credentials that were shown, except access tokens.', {
    method: ['password', 'refresh_token', 'api_key'],
    result: ['success', 'failure'],
  }),
  validations: counter(
    'auth_token_validations_total',
    'Access tokens that were verified. It is an `error` if the identity provider was away.',
    { result: ['valid', 'invalid', 'expired', 'error'] },
  ),
  cacheHits: counter(
    'auth_token_cache_hits_total',
    'Whether a token or API key had been verified a moment ago.',
    { result: ['hit', 'miss'] },
  ),
  permissions: counter(
    'permission_checks_total',
    'Known callers of routes that ask for a permission, or for a role such as `role:admin`.',
    { permission: String, result: ['granted', 'denied'] },
  ),
  registrations: counter('user_registrations_total', 'Accounts that were created.', {
    source: ['registration', 'identity_provider'],
  }),
  sessions: gauge('user_sessions_active', "Sessions that haven't ended or expired.", {}, 'max'),
})

export type AuthMetrics = Recorders<typeof authMetrics>

/** The recorders of this feature. The sessions are counted before each page of metrics. */
export function measureAuth(metrics: Metrics, db: Database): AuthMetrics {
  const recorders = metrics.of(authMetrics)
  metrics.onCollect(async () => {
    const active = gt(authSessions.expiresAt, new Date())
    recorders.sessions.with({}).set(await db.$count(authSessions, active))
  })
  return recorders
}

type Method = (typeof authMetrics.definitions.attempts.labels.method)[number]

/** Counts an attempt once its outcome is known. An outage says nothing about the credentials. */
export async function countAttempt<T>(
  { attempts }: AuthMetrics,
  method: Method,
  attempt: () => Promise<T>,
): Promise<T> {
  try {
    const result = await attempt()
    attempts.with({ method, result: 'success' }).inc()
    return result
  } catch (error) {
    if (isRefusal(error)) attempts.with({ method, result: 'failure' }).inc()
    throw error
  }
}

/** Counts the verification of an access token. */
export async function countValidation<T>(
  { validations }: AuthMetrics,
  validate: () => Promise<T>,
): Promise<T> {
  try {
    const result = await validate()
    validations.with({ result: 'valid' }).inc()
    return result
  } catch (error) {
    const isExpired = error instanceof Error && error.cause instanceof errors.JWTExpired
    const result = isExpired ? 'expired' : isRefusal(error) ? 'invalid' : 'error'
    validations.with({ result }).inc()
    throw error
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof AppError && [401, 403, 429].includes(error.status)
}
