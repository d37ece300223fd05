import { errorMessage } from './error-serializer.ts'
import type { Metrics } from './metrics.ts'
import { PIIMasker } from './pii-masker.ts'
import { logMetrics } from './process-metrics.ts'

/** What a service masks beside what is always masked. */
export interface MaskingSettings {
  /** Names of fields. */
  readonly piiFields: readonly string[]
  /** Regular expressions by name, separated by white space: `employee=EMP-\\d{6} ticket=T\\d+`. */
  readonly piiPatterns: string
}

/**
 * The masker of a service.
 *
 * @param metrics counts what is masked
 * @throws {Error} if a pattern isn't a regular expression, or takes too long for some texts
 */
export function createMasker(settings: MaskingSettings, metrics?: Metrics): PIIMasker {
  const pairs = [...settings.piiPatterns.matchAll(/([^\s=]+)=(\S+)/g)]
  const patterns = pairs.map(([, name = '', pattern = '']) => ({ name, pattern }))
  // Cursors hold values of rows.
  const fields = ['cursor', ...settings.piiFields]
  const masked = metrics?.of(logMetrics).masked
  return new PIIMasker({ fields, patterns, onMasked: (type) => masked?.with({ type }).inc() })
}

/** Why that throws, if it does. */
export function maskingFault(settings: MaskingSettings): string | undefined {
  try {
    createMasker(settings)
    return undefined
  } catch (error) {
    return errorMessage(error)
  }
}
