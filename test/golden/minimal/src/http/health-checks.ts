/** One thing that the service needs. */
export interface HealthCheck {
  name: string
  /** The service isn't ready while a critical check fails. */
  critical: boolean
  /** Resolves if all is well, rejects if not. */
  check(): Promise<unknown>
  /** How long a result counts, in milliseconds; 1,000 by default. */
  cacheMs?: number
}

/** What a check found. */
export interface HealthResult {
  status: 'up' | 'down'
  critical: boolean
  /** How long the check took, in milliseconds. */
  duration_ms: number
}

export type HealthReport = Record<string, HealthResult>

type OnChange = (name: string, status: HealthResult['status'], reason?: unknown) => void

/** A check that takes longer (ms) has failed. */
const checkTimeout = 2_000

/** Whether every critical check of a report succeeded. */
export function isHealthy(report: HealthReport): boolean {
  return Object.values(report).every((it) => it.status === 'up' || !it.critical)
}

/** The things that the service needs. Probes share the results of their checks for a moment. */
export class HealthChecks {
  readonly #checks = new Map<string, () => Promise<HealthResult>>()
  readonly #down = new Set<string>()
  readonly #onChange: OnChange

  /** @param onChange learns why a check begins to fail, which reports don't tell, and its recovery */
  constructor(onChange: OnChange) {
    this.#onChange = onChange
  }

  /** Adds a check. Its name must be unique. */
  add(check: HealthCheck): void {
    if (this.#checks.has(check.name)) throw new Error(`Health check ${check.name} exists already`)
    this.#checks.set(
      check.name,
      cached(() => this.#run(check), check.cacheMs),
    )
  }

  /** The results of all checks, which run in parallel. */
  async run(): Promise<HealthReport> {
    const results = [...this.#checks].map(async ([name, result]) => [name, await result()] as const)
    return Object.fromEntries(await Promise.all(results))
  }

  async #run({ name, critical, check }: HealthCheck): Promise<HealthResult> {
    const start = performance.now()
    let status: HealthResult['status'] = 'up'
    try {
      await withinTimeout(check())
      if (this.#down.delete(name)) this.#onChange(name, status)
    } catch (reason) {
      status = 'down'
      if (!this.#down.has(name)) this.#onChange(name, status, reason)
      this.#down.add(name)
    }
    return { status, critical, duration_ms: Math.round(performance.now() - start) }
  }
}

/** Runs `run` once at a time, and not again while its result counts (ms). */
function cached<T>(run: () => Promise<T>, duration = 1_000): () => Promise<T> {
  let latest: Promise<T> | undefined
  let expires = 0
  return () => {
    if (latest === undefined || performance.now() >= expires) {
      expires = Number.POSITIVE_INFINITY
      latest = run().finally(() => {
        expires = performance.now() + duration
      })
    }
    return latest
  }
}

async function withinTimeout(check: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${checkTimeout} ms`)), checkTimeout)
  })
  try {
    await Promise.race([check, timeout])
  } finally {
    clearTimeout(timer)
  }
}
