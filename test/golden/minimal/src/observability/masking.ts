import { errorMessage } from './error-serializer.ts'
import { PIIMasker } from './pii-masker.ts'

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
 * @throws {Error} if a pattern isn't a regular expression, or takes too long for some texts
 */
export function createMasker({ piiFields, piiPatterns }: MaskingSettings): PIIMasker {
  const pairs = [...piiPatterns.matchAll(/([^\s=]+)=(\S+)/g)]
  const patterns = pairs.map(([, name = '', pattern = '']) => ({ name, pattern }))
  // Cursors hold values of rows.
  return new PIIMasker({ fields: ['cursor', ...piiFields], patterns })
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
