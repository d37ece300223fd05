import { counter, defineMetrics, gauge, histogram } from '../observability/metric-definitions.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { DatabaseClient } from './client.ts'
import { sqlState } from './errors.ts'
import type { WatchedQuery } from './query-watch.ts'

const operations = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'BEGIN', 'COMMIT', 'OTHER'] as const

const pool = { db_client_connection_pool_name: String } as const

/** @see https://opentelemetry.io/docs/specs/semconv/database/database-metrics/ */
export const databaseMetrics = defineMetrics('Database', {
  duration: histogram(
    'db_client_operation_duration_seconds',
    'Time that statements take, without waiting for a connection.',
    { db_system_name: ['postgresql'], db_operation_name: operations },
  ),
  slow: counter('slow_queries_total', 'Statements that took longer than `SLOW_QUERY_MS`.', {
    operation: operations,
  }),
  errors: counter(
    'db_errors_total',
    'Statements that failed, and connections that could not open.',
    {
      error_type: [
        'connection',
        'unique_violation',
        'constraint',
        'conflict',
        'timeout',
        'resources',
        'data',
        'other',
      ],
    },
  ),
  connections: gauge('db_client_connection_count', 'Open connections.', {
    ...pool,
    db_client_connection_state: ['used', 'idle'],
  }),
  maximum: gauge('db_client_connection_max', 'Connections that may be open.', pool),
  pending: gauge(
    'db_client_connection_pending_requests',
    'Callers who wait for a connection.',
    pool,
  ),
})

/** Measures the queries and connections of a database, until the returned function is called. */
export function measureDatabase(
  metrics: Metrics,
  { watch, kind, connections }: Pick<DatabaseClient, 'watch' | 'kind' | 'connections'>,
  slowQueryMs: number,
): () => void {
  const recorders = metrics.of(databaseMetrics)
  const labels = { db_client_connection_pool_name: kind }

  metrics.onCollect(() => {
    const { used, idle, pending, maximum } = connections()
    recorders.connections.with({ ...labels, db_client_connection_state: 'used' }).set(used)
    recorders.connections.with({ ...labels, db_client_connection_state: 'idle' }).set(idle)
    recorders.pending.with(labels).set(pending)
    recorders.maximum.with(labels).set(maximum)
  })

  return watch.add(({ statement, seconds, error }: WatchedQuery) => {
    if (error !== undefined) recorders.errors.with({ error_type: errorTypeOf(error) }).inc()
    if (statement === 'CONNECT') return
    const operation = operationOf(statement)
    const series = { db_system_name: 'postgresql', db_operation_name: operation } as const
    recorders.duration.with(series).observe(seconds)
    if (seconds * 1_000 > slowQueryMs) recorders.slow.with({ operation }).inc()
  })
}

function operationOf(statement: string): (typeof operations)[number] {
  const [word = ''] = /[a-z]+/i.exec(statement) ?? []
  return operations.find((operation) => operation === word.toUpperCase()) ?? 'OTHER'
}

type ErrorType = (typeof databaseMetrics.definitions.errors.labels.error_type)[number]

/** By the start of their SQLSTATE; without one, the connection was lost. */
const errorTypes: readonly (readonly [states: RegExp, type: ErrorType])[] = [
  [/^$|^08|^57P/, 'connection'],
  [/^23505/, 'unique_violation'],
  [/^23/, 'constraint'],
  [/^40/, 'conflict'],
  [/^57014|^55P03|^25P03/, 'timeout'],
  [/^53|^54/, 'resources'],
  [/^22/, 'data'],
]

function errorTypeOf(error: unknown): ErrorType {
  const state = sqlState(error) ?? ''
  return errorTypes.find(([states]) => states.test(state))?.[1] ?? 'other'
}
