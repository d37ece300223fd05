/** 0 for success, 1 for a failure, 2 for a command line that was not understood. */
export type ExitCode = number

/** Ends a command that has said what is wrong. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode) {
    super(`exit code ${exitCode}`)
    this.name = 'CommandFailure'
    this.exitCode = exitCode
  }
}

/** An action for commander that ends the program with the exit code that `run` returns. */
export function exits<A extends unknown[]>(
  run: (...args: A) => Promise<ExitCode> | ExitCode,
): (...args: A) => Promise<void> {
  return async (...args) => {
    const exitCode = await run(...args)
    if (exitCode !== 0) throw new CommandFailure(exitCode)
  }
}
