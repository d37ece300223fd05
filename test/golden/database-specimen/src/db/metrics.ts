import { counter, defineMetrics, gauge, histogram } from '../observability/metric-definitions.ts'
import type { Metrics } from '../observability/metrics.ts'
import type { DatabaseClient } from './client.ts'
import { sqlState } from './errors.ts'

const operations = 'SELECT INSERT UPDATE DELETE BEGIN COMMIT CONNECT OTHER'.split(' ')
const pool = { db_client_connection_pool_name: String } as const

/** By the start of their SQLSTATE (PostgreSQL, appendix A); without one, there is no connection. */
const errorTypes: Readonly<Record<string, RegExp>> = {
  connection: /^$|^08|^57P/,
  unique_violation: /^23505/,
  constraint: /^23/,
  conflict: /^40/,
  timeout: /^57014|^55P03/,
  resources: /^5[34]/,
  data: /^22/,
  other: /./,
}

/** @see https://opentelemetry.io/docs/specs/semconv/database/database-metrics/ */
export const databaseMetrics = defineMetrics('Database', {
  duration: histogram('db_client_operation_duration_seconds', 'Time of statements.', {
    db_system_name: ['postgresql'],
    db_operation_name: operations,
  }),
  slow: counter('slow_queries_total', 'Statements that took more than `SLOW_QUERY_MS`.', {
    operation: operations,
  }),
  errors: counter('db_errors_total', 'Failed statements and connections.', {
    error_type: Object.keys(errorTypes),
  }),
  connections: gauge('db_client_connection_count', 'Open connections.', {
    ...pool,
    db_client_connection_state: ['used', 'idle'],
  }),
  maximum: gauge('db_client_connection_max', 'Connections that may be open.', pool),
  pending: gauge('db_client_connection_pending_requests', 'Waits for a connection.', pool),
})

/** Measures the statements and connections of a database. */
export function measureDatabase(
  metrics: Metrics,
  client: DatabaseClient,
  slowQueryMs: number,
): void {
  const recorders = metrics.of(databaseMetrics)
  const labels = { db_client_connection_pool_name: client.kind }

  metrics.onCollect(() => {
    const { used, idle, pending, maximum } = client.connections()
    recorders.connections.with({ ...labels, db_client_connection_state: 'used' }).set(used)
    recorders.connections.with({ ...labels, db_client_connection_state: 'idle' }).set(idle)
    recorders.pending.with(labels).set(pending)
    recorders.maximum.with(labels).set(maximum)
  })

  client.onQuery((statement, ms, error) => {
    if (error) recorders.errors.with({ error_type: errorTypeOf(error) }).inc()
    const operation = operationOf(statement)
    const labels = { db_system_name: 'postgresql', db_operation_name: operation } as const
    recorders.duration.with(labels).observe(ms / 1_000)
    if (ms > slowQueryMs) recorders.slow.with({ operation }).inc()
  })
}

function operationOf(statement: string): string {
  const word = /[a-z]+/i.exec(statement)?.[0].toUpperCase() ?? ''
  return operations.includes(word) ? word : 'OTHER'
}

function errorTypeOf(error: unknown): string {
  const state = sqlState(error) ?? ''
  return Object.keys(errorTypes).find((type) => errorTypes[type]?.test(state)) ?? 'other'
}
