import type { Cluster as NodeCluster, Worker } from 'node:cluster'
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startWorkers } from '../../../src/cluster.ts'

type End = [code: number | null, signal: NodeJS.Signals | null]

/** Stands in for `node:cluster`: its workers do what a test says, and record their signals. */
class Cluster extends EventEmitter {
  readonly workers: Worker[] = []
  readonly signals: string[] = []

  fork(): Worker {
    const pid = this.workers.length
    const kill = (signal: string) => this.signals.push(`${pid} ${signal}`)
    const worker = { process: { pid, kill } } as unknown as Worker
    this.workers.push(worker)
    return worker
  }

  listens(...pids: number[]): void {
    for (const pid of pids) this.emit('listening', this.workers[pid])
  }

  ends(pid: number, ...[code, signal]: End): void {
    this.emit('exit', this.workers[pid], code, signal)
  }
}

let cluster: Cluster
let host: { exitCode: number | undefined }
let stop: (signal: NodeJS.Signals) => void
const log = { info: vi.fn(), warn: vi.fn(), fatal: vi.fn() }

beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
  cluster = new Cluster()
  host = { exitCode: undefined }
  const config = { workers: 3, shutdownDelayMs: 1_000, shutdownTimeoutMs: 5_000 }
  stop = startWorkers(config, log, cluster as unknown as NodeCluster, host)
})
afterEach(() => {
  vi.useRealTimers()
})

test('the other workers start once the first one listens, on however many addresses', () => {
  expect(cluster.workers).toHaveLength(1)
  cluster.listens(0, 0)
  expect(cluster.workers).toHaveLength(3)
  cluster.listens(1, 2, 2)
  expect(log.info.mock.calls).toEqual([[{ workers: 3 }, 'every worker listens']])
})

test.each<[End, number]>([
  [[1, null], 1],
  [[0, null], 1],
  [[null, 'SIGKILL'], 137],
])('if the first one ends with %j before it listens, the service ends with %i', (end, code) => {
  cluster.ends(0, ...end)
  expect(cluster.workers).toHaveLength(1)
  expect(host.exitCode).toBe(code)
  expect(log.warn).not.toHaveBeenCalled()
})

test('a worker that ends is replaced, whatever its exit code', () => {
  cluster.listens(0, 1, 2)
  cluster.ends(1, 0, null)
  cluster.ends(2, null, 'SIGKILL')
  expect(cluster.workers).toHaveLength(5)
  expect(log.warn.mock.calls).toEqual([
    [{ worker: 1, exit_code: 0 }, 'worker ended'],
    [{ worker: 2, exit_code: 137 }, 'worker ended'],
  ])
  expect(host.exitCode).toBeUndefined()
})

test('the third in a row that ends soon after its start ends the service', () => {
  cluster.listens(0, 1, 2)
  for (const pid of [2, 3, 4]) cluster.ends(pid, 1, null)
  expect(cluster.workers).toHaveLength(5)
  expect(log.fatal).toHaveBeenCalledOnce()
  expect(cluster.signals).toEqual(['0 SIGTERM', '1 SIGTERM'])
  for (const pid of [0, 1]) cluster.ends(pid, 0, null)
  expect(host.exitCode).toBe(1)
})

test('a worker that had run for long begins a new row', () => {
  cluster.listens(0, 1)
  for (const pid of [2, 3]) cluster.ends(pid, 1, null)
  vi.advanceTimersByTime(10_001)
  cluster.ends(1, 1, null)
  for (const pid of [4, 5]) cluster.ends(pid, 1, null)
  expect(log.fatal).not.toHaveBeenCalled()
  cluster.ends(6, 1, null)
  expect(log.fatal).toHaveBeenCalledOnce()
})

test('a stop signal goes to every worker, and those still starting are no fault', () => {
  cluster.listens(0, 1)
  stop('SIGINT')
  expect(cluster.signals).toEqual(['0 SIGINT', '1 SIGINT', '2 SIGINT'])
  cluster.ends(2, 130, null)
  for (const pid of [0, 1]) cluster.ends(pid, 0, null)
  expect(cluster.workers).toHaveLength(3)
  expect(host.exitCode ?? 0).toBe(0)
})

test('the first bad exit code of a worker becomes that of the service', () => {
  cluster.listens(0, 1, 2)
  stop('SIGTERM')
  cluster.ends(0, 0, null)
  cluster.ends(1, 7, null)
  cluster.ends(2, 1, null)
  expect(host.exitCode).toBe(7)
})

test('a stop before any worker listens ends with its code', () => {
  stop('SIGTERM')
  cluster.listens(0)
  cluster.ends(0, 143, null)
  expect(cluster.workers).toHaveLength(1)
  expect(host.exitCode).toBe(143)
})

test('workers that hang are killed a second after they should have given up', () => {
  cluster.listens(0, 1, 2)
  stop('SIGTERM')
  cluster.ends(0, 0, null)
  cluster.signals.length = 0
  vi.advanceTimersByTime(6_999)
  expect(cluster.signals).toEqual([])
  vi.advanceTimersByTime(1)
  expect(cluster.signals).toEqual(['1 SIGKILL', '2 SIGKILL'])
})
