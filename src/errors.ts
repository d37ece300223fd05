import type { Refusal } from './model/refusal.ts'

/** What the process returns; `cli.md` lists the meanings. */
export const exitCodes = { done: 0, failed: 1, usage: 2, refused: 3, cancelled: 130 } as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

interface UserErrorInit {
  readonly code: string
  readonly message: string
  readonly hint?: string | undefined
  readonly exitCode?: ExitCode
  readonly cause?: unknown
}

/** An error that a user can act on: printed in one place, without a stack. */
export class UserError extends Error {
  readonly code: string
  readonly hint: string | undefined
  readonly exitCode: ExitCode

  constructor(init: UserErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause })
    this.name = 'UserError'
    this.code = init.code
    this.hint = init.hint
    this.exitCode = init.exitCode ?? exitCodes.failed
  }
}

/** Wrong words on the command line: exit code 2. */
export function usageError(message: string, hint?: string): UserError {
  return new UserError({ code: 'USAGE', message, hint, exitCode: exitCodes.usage })
}

/** Nothing was written, for these reasons: exit code 3. */
export class RefusedError extends UserError {
  readonly refusals: readonly Refusal[]

  constructor(refusals: readonly Refusal[]) {
    super({
      code: refusals[0]?.code ?? 'REFUSED',
      message: refusals.map((refusal) => refusal.message).join('\n'),
      hint: refusals[0]?.hint,
      exitCode: exitCodes.refused,
    })
    this.name = 'RefusedError'
    this.refusals = refusals
  }
}
