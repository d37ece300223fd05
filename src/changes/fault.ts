import { RefusedError, UserError } from '../errors.ts'
import { errorCode } from '../system/error-code.ts'
import { readOnly } from './preflight.ts'

/**
 * What a user is told about a fault of the file system; an error of ours stays as it is.
 *
 * @param left what is not as it was before, where something is
 */
export function faultOf(error: unknown, root: string, left?: string): Error {
  if (error instanceof UserError) return error
  const code = errorCode(error)
  const isDenied = code === 'EROFS' || code === 'EACCES' || code === 'EPERM'
  if (isDenied && left === undefined) return new RefusedError([readOnly(root)])
  const reason = error instanceof Error ? error.message : String(error)
  return new UserError({
    code: code ?? 'WRITE_FAILED',
    message: `Writing to ${root} failed: ${reason}`,
    hint: left ?? 'Everything was taken back; the files are as they were.',
    cause: error,
  })
}

/** Whether a piece of work that may fail did not. */
export function tried(work: () => unknown): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}
