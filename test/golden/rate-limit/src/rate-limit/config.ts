import { Type } from 'typebox'
import { integer } from '../config/types.ts'

/** How often clients may call. */
export const rateLimit = Type.Object({
  /** Limit how often clients may call. */
  enabled: Type.Boolean({ env: 'RATE_LIMIT_ENABLED', default: true, defaultIn: { test: false } }),
  /** Refuse requests over a limit, or only log them. */
  mode: Type.Enum(['enforce', 'report-only'], { env: 'RATE_LIMIT_MODE', default: 'enforce' }),
  /** Requests per client, route and window, where a route sets no limit of its own. */
  limit: integer('RATE_LIMIT_DEFAULT_LIMIT', 100, { minimum: 1, maximum: 1e9 }),
  /** That window, in seconds. */
  window: integer('RATE_LIMIT_DEFAULT_WINDOW', 60, { minimum: 1, maximum: 3_600 }),
  /** Requests per address and minute, over all routes; 0 for no limit. */
  addressLimit: integer('RATE_LIMIT_ADDRESS_LIMIT', 1_000, { minimum: 0, maximum: 1e9 }),
  /** While Redis is away: count in each process, or answer 503. */
  onStoreError: Type.Enum(['open', 'closed'], {
    env: 'RATE_LIMIT_ON_STORE_ERROR',
    default: 'open',
  }),
})
