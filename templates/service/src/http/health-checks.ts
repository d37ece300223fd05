/** One thing that the service needs. */
export interface HealthCheck {
  name: string
  /** The service is not ready while a critical check fails. */
  critical: boolean
  /** Resolves if all is well, rejects if not. */
  check(): Promise<unknown>
}

/** What a check found. */
export interface HealthResult {
  status: 'up' | 'down'
  critical: boolean
  /** How long the check took, in milliseconds. */
  duration_ms: number
}

export type HealthReport = Record<string, HealthResult>

/** A check that takes longer than this, in milliseconds, has failed. */
const patience = 2_000

/** The things that the service needs, each with a check that is run when somebody asks. */
export class HealthChecks {
  readonly #checks = new Map<string, HealthCheck>()
  readonly #onFailure: (name: string, error: unknown) => void
  #running: Promise<HealthReport> | undefined

  /** `onFailure` hears why a check failed: reports go to anybody who asks and do not say it. */
  constructor(onFailure: (name: string, error: unknown) => void) {
    this.#onFailure = onFailure
  }

  /** Adds a check; a second one of the same name is a mistake. */
  add(check: HealthCheck): void {
    if (this.#checks.has(check.name)) throw new Error(`Health check ${check.name} exists already`)
    this.#checks.set(check.name, check)
  }

  /** Runs every check at the same time. Whoever asks meanwhile shares the report. */
  run(): Promise<HealthReport> {
    this.#running ??= this.#runAll().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #runAll(): Promise<HealthReport> {
    const checks = [...this.#checks.values()]
    const entries = checks.map(async (check) => [check.name, await this.#runOne(check)] as const)
    return Object.fromEntries(await Promise.all(entries))
  }

  async #runOne({ name, critical, check }: HealthCheck): Promise<HealthResult> {
    const start = performance.now()
    let status: HealthResult['status'] = 'up'
    try {
      await withinPatience(check())
    } catch (error) {
      status = 'down'
      this.#onFailure(name, error)
    }
    return { status, critical, duration_ms: Math.round(performance.now() - start) }
  }
}

/** Whether every critical check of a report succeeded. */
export function isHealthy(report: HealthReport): boolean {
  return Object.values(report).every((it) => it.status === 'up' || !it.critical)
}

async function withinPatience(check: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patience} ms`)), patience)
  })
  try {
    await Promise.race([check, timeout])
  } finally {
    clearTimeout(timer)
  }
}
