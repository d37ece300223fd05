import { counter, defineMetrics, gauge, histogram } from '../observability/metric-definitions.ts'
import type { Metrics, Recorders } from '../observability/metrics.ts'
import type { CacheStore, WriteQueue } from './store.ts'

const cache = { cache_name: String } as const

/** Operations of the source are `fetch` and `write`. Hits in memory aren't timed. */
export const cacheMetrics = defineMetrics('Cache', {
  hits: counter('cache_hits_total', 'Reads that found a fresh value.', cache),
  misses: counter('cache_misses_total', 'Reads that found none.', cache),
  stale: counter('cache_stale_total', 'Stale values served because their source failed.', cache),
  refreshes: counter('cache_refreshes_total', 'Values refreshed before they went stale.', {
    ...cache,
    result: ['success', 'failure'],
  }),
  evictions: counter('cache_evictions_total', 'Values removed from memory to make room.', cache),
  errors: counter('cache_errors_total', 'Failed operations, and writes that were given up.', {
    ...cache,
    operation: ['get', 'set', 'invalidate', 'write'],
  }),
  entries: gauge('cache_entries', 'Values in memory.', cache),
  queued: gauge('cache_write_behind_queue_depth', 'Writes that wait.', cache),
  operations: histogram('cache_operation_duration_seconds', 'Time of operations.', {
    ...cache,
    operation: ['get', 'set', 'fetch', 'invalidate', 'write'],
  }),
})

export type StoreOperation = 'get' | 'set' | 'invalidate' | 'write'

/** Records what one cache does. */
export class CacheMeter {
  readonly #metrics: Metrics
  readonly #recorders: Recorders<typeof cacheMetrics>
  readonly #labels: { cache_name: string }
  /** Looked up once, because reads are many. */
  readonly hits: { inc(by?: number): void }
  readonly misses: { inc(by?: number): void }

  /**
   * @param name what dashboards call the cache
   * @param isOn false if nothing is cached; then reads aren't counted, because each would be a miss
   */
  constructor(metrics: Metrics, name: string, isOn = true) {
    this.#metrics = metrics
    this.#recorders = metrics.of(cacheMetrics)
    this.#labels = { cache_name: name }
    for (const recorder of Object.values(this.#recorders)) recorder.init(this.#labels)
    this.hits = this.#recorders.hits.with(this.#labels)
    this.misses = isOn ? this.#recorders.misses.with(this.#labels) : { inc() {} }
  }

  /** Asks the store, and the queue if there is one, for their numbers before each page. */
  watch(store: CacheStore, queue?: WriteQueue): void {
    const { entries, evictions, queued } = this.#recorders
    let known = 0
    this.#metrics.onCollect(() => {
      const stats = store.stats()
      entries.with(this.#labels).set(stats.entries)
      evictions.with(this.#labels).inc(stats.evictions - known)
      known = stats.evictions
      queued.with(this.#labels).set(queue?.depth ?? 0)
    })
  }

  get stale() {
    return this.#recorders.stale.with(this.#labels)
  }

  refreshed(result: 'success' | 'failure'): void {
    this.#recorders.refreshes.with({ ...this.#labels, result }).inc()
  }

  failed(operation: StoreOperation): void {
    this.#recorders.errors.with({ ...this.#labels, operation }).inc()
  }

  /** Takes the time of an operation, also of one that fails. */
  async timed<T>(operation: StoreOperation | 'fetch', work: () => T | Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await work()
    } finally {
      const seconds = (performance.now() - start) / 1_000
      this.#recorders.operations.with({ ...this.#labels, operation }).observe(seconds)
    }
  }
}
