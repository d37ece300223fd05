import { StartupError } from '../startup-error.ts'

/** One thing that is wrong with the environment; holds no secret. */
export interface Fault {
  /** Name of the environment variable. */
  variable: string
  /** What is wrong. */
  problem: string
  /** What would be right. */
  expected: string
}

/** The environment cannot be used; `faults` holds everything that is wrong with it. */
export class ConfigError extends StartupError {
  readonly faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    const lines = faults.map((it) => `  ${it.variable} ${it.problem}; expected ${it.expected}`)
    super(`The configuration is not valid:\n${lines.join('\n')}`)
    this.faults = faults
  }
}
