/** What `doctor` examines, in the order of its report. */
export const checks = {
  telemetry: 'alerts and dashboards use what the service measures',
  recorders: 'every metric is recorded',
  alerts: 'every alert has tests and a runbook',
  objectives: 'the burn-rate alerts follow from slo.yml',
  settings: 'every variable of .env.example is read',
  libraries: 'one metrics library',
  deploy: 'ready for production',
  live: 'the running service',
} as const

export type CheckId = keyof typeof checks

/** Something that is wrong, or for a person to decide. */
export interface Finding {
  readonly check: CheckId
  /** A warning leaves the exit code alone. */
  readonly level: 'fault' | 'warning'
  /** A file of the project, with a line where that is known, or what else is meant. */
  readonly where: string
  readonly message: string
  readonly hint?: string
}

/** What came of one check. */
export interface Checked {
  readonly check: CheckId
  readonly findings: readonly Finding[]
  /** Why it was left out. */
  readonly skipped?: string
}
