import type { Cluster, Worker } from 'node:cluster'
import { once } from 'node:events'
import { type Family, mergeFamilies } from './exposition.ts'
import type { Metrics } from './metrics.ts'

const question = 'metrics'

/** In a worker: tells the primary what was measured, whenever it asks. */
export function answerPrimary(metrics: Metrics, worker: Worker): void {
  worker.on('message', async (message) => {
    if (message !== question) return
    const families = await metrics.collect()
    if (worker.isConnected()) worker.send(families)
  })
}

/** How long (ms) a worker has to answer; one that is too busy is shown as it was before. */
const answerMs = 4_000

/**
 * In the primary: gives what all workers have measured, as one page. The counts of workers that
 * ended stay in it: otherwise the sums would drop, which Prometheus takes for a restart.
 */
export function workerMetrics(
  cluster: Pick<Cluster, 'on' | 'workers'>,
): () => Promise<readonly Family[]> {
  const latest = new Map<number, readonly Family[]>()
  let ended: readonly Family[] = []

  cluster.on('exit', ({ id }) => {
    const counts = (latest.get(id) ?? []).filter(({ kind }) => kind !== 'gauge')
    ended = mergeFamilies([ended, counts])
    latest.delete(id)
  })

  async function ask(worker: Worker): Promise<void> {
    const answer = once(worker, 'message', { signal: AbortSignal.timeout(answerMs) })
    worker.send(question)
    const [families] = await answer
    if (!worker.isDead()) latest.set(worker.id, families)
  }

  return async () => {
    const workers = Object.values(cluster.workers ?? {}).flatMap((worker) => worker ?? [])
    await Promise.allSettled(workers.map(ask))
    return mergeFamilies([...latest.values(), ended])
  }
}
