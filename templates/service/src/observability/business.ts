import type { FastifyRequest } from 'fastify'
import { userTypeOf } from '../http/metering.ts'
import { userTypes } from '../http/metrics.ts'
import { counter, defineMetrics, histogram } from './metric-definitions.ts'
import type { Metrics } from './metrics.ts'

const statuses = ['success', 'failure'] as const

export const businessMetrics = defineMetrics('Business', {
  actions: counter('user_actions_total', 'What users did.', {
    action_type: String,
    user_type: userTypes,
  }),
  usage: counter('feature_usage_total', 'How often a feature was used.', {
    feature_name: String,
    user_type: userTypes,
  }),
  failures: counter('feature_errors_total', 'How often a feature failed.', {
    feature_name: String,
    error_type: String,
  }),
  records: counter('data_records_processed_total', 'Records that were processed.', {
    operation: String,
    status: statuses,
  }),
  duration: histogram('data_processing_duration_seconds', 'Time that processing takes.', {
    operation: String,
  }),
  issues: counter('data_quality_issues_total', 'What was wrong with data.', {
    issue_type: String,
  }),
})

type Asker = Pick<FastifyRequest, 'identity'>

/** Records what the service is used for. Names are yours, in snake case, and never a caller's. */
export function businessOf(metrics: Metrics) {
  const { actions, usage, failures, records, duration, issues } = metrics.of(businessMetrics)
  return {
    /** A user did something, such as `log_in`. */
    acted(request: Asker, action_type: string): void {
      actions.with({ action_type, user_type: userTypeOf(request) }).inc()
    },

    /** A feature was used, such as `api_keys`. */
    used(request: Asker, feature_name: string): void {
      usage.with({ feature_name, user_type: userTypeOf(request) }).inc()
    },

    /** A feature failed. */
    failed(feature_name: string, error: unknown): void {
      const error_type = error instanceof Error ? error.constructor.name : typeof error
      failures.with({ feature_name, error_type }).inc()
    },

    /** Records were processed by an operation, such as `import`. */
    processed(operation: string, status: (typeof statuses)[number], count = 1): void {
      records.with({ operation, status }).inc(count)
    },

    /** Something is wrong with data, such as `missing_currency`. */
    flawed(issue_type: string): void {
      issues.with({ issue_type }).inc()
    },

    /** Runs an operation and measures how long it takes. */
    async timed<T>(operation: string, work: () => Promise<T>): Promise<T> {
      const start = performance.now()
      try {
        return await work()
      } finally {
        duration.with({ operation }).observe((performance.now() - start) / 1_000)
      }
    },
  }
}
