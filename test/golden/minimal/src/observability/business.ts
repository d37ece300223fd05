import { userTypes } from '../http/metrics.ts'
import { counter, defineMetrics, histogram } from './metric-definitions.ts'

const user_type = userTypes
const operation = { operation: String } as const

/** What the service is used for. Record it in your routes; names are in snake case. */
export const businessMetrics = defineMetrics('Business', {
  actions: counter('user_actions_total', 'What users did.', { action_type: String, user_type }),
  usage: counter('feature_usage_total', 'Use of a feature.', { feature_name: String, user_type }),
  failures: counter('feature_errors_total', 'Failures of a feature.', {
    feature_name: String,
    error_type: String,
  }),
  records: counter('data_records_processed_total', 'Records that were processed.', {
    ...operation,
    status: ['success', 'failure'],
  }),
  duration: histogram('data_processing_duration_seconds', 'Time to process data.', operation),
  issues: counter('data_quality_issues_total', 'What was wrong with data.', { issue_type: String }),
})
