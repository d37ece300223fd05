import type { Worker } from 'node:cluster'
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Primary } from '../../src/primary.ts'

type Ending = [code: number | null, signal: NodeJS.Signals | null]

/** Stands in for `node:cluster`: workers that do what a test says, and keep what they are told. */
class Cluster extends EventEmitter {
  readonly workers: Worker[] = []
  readonly told: string[] = []

  fork(): Worker {
    const pid = this.workers.length
    const tell = (how: string) => (signal: string) => this.told.push(`${pid} ${how} ${signal}`)
    const worker = { process: { pid, kill: tell('signal') }, send: tell('message') }
    this.workers.push(worker as unknown as Worker)
    return worker as unknown as Worker
  }

  listens(...pids: number[]): void {
    for (const pid of pids) this.emit('listening', this.workers[pid])
  }

  ends(pid: number, ...[code, signal]: Ending): void {
    this.emit('exit', this.workers[pid], code, signal)
  }
}

class Host extends EventEmitter {
  exitCode: number | undefined
}

let cluster: Cluster
let host: Host
const log = { info: vi.fn(), warn: vi.fn(), fatal: vi.fn() }

beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
  cluster = new Cluster()
  host = new Host()
  const config = { workers: 3, shutdownDelayMs: 1_000, shutdownTimeoutMs: 5_000 }
  new Primary(config, log, cluster as never, host).start()
})
afterEach(() => {
  vi.useRealTimers()
})

test('the others start when the first one listens, which may have several addresses', () => {
  expect(cluster.workers).toHaveLength(1)
  cluster.listens(0, 0)
  expect(cluster.workers).toHaveLength(3)
  cluster.listens(1, 2, 2)
  expect(log.info.mock.calls).toEqual([[{ workers: 3 }, 'every worker listens']])
})

test.each<[Ending, number]>([
  [[1, null], 1],
  [[0, null], 1],
  [[null, 'SIGKILL'], 137],
])('if the first one ends with %j before, no other starts, and the code is %i', (ending, code) => {
  cluster.ends(0, ...ending)
  expect(cluster.workers).toHaveLength(1)
  expect(host.exitCode).toBe(code)
  expect(log.warn).not.toHaveBeenCalled()
})

test('one that ends is replaced, whatever its code', () => {
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

test('the third in a row that ends soon ends the service', () => {
  cluster.listens(0, 1, 2)
  for (const pid of [2, 3, 4]) cluster.ends(pid, 1, null)
  expect(cluster.workers).toHaveLength(5)
  expect(log.fatal).toHaveBeenCalledOnce()
  expect(cluster.told).toEqual(['0 message SIGTERM', '1 message SIGTERM'])
  for (const pid of [0, 1]) cluster.ends(pid, 0, null)
  expect(host.exitCode).toBe(1)
})

test('one that had run well begins a new row', () => {
  cluster.listens(0, 1)
  for (const pid of [2, 3]) cluster.ends(pid, 1, null)
  vi.advanceTimersByTime(10_001)
  cluster.ends(1, 1, null)
  for (const pid of [4, 5]) cluster.ends(pid, 1, null)
  expect(log.fatal).not.toHaveBeenCalled()
  cluster.ends(6, 1, null)
  expect(log.fatal).toHaveBeenCalledOnce()
})

test('a stop signal goes to every worker once, by message where it would not end it at once', () => {
  cluster.listens(0, 1)
  host.emit('SIGINT', 'SIGINT')
  host.emit('SIGINT', 'SIGINT')
  expect(cluster.told).toEqual(['0 message SIGINT', '1 message SIGINT', '2 signal SIGINT'])
  cluster.ends(2, null, 'SIGINT')
  for (const pid of [0, 1]) cluster.ends(pid, 0, null)
  expect(cluster.workers).toHaveLength(3)
  expect(host.exitCode ?? 0).toBe(0)
})

test('the first bad code of a worker is that of the service', () => {
  cluster.listens(0, 1, 2)
  host.emit('SIGTERM', 'SIGTERM')
  cluster.ends(0, 0, null)
  cluster.ends(1, 7, null)
  cluster.ends(2, 1, null)
  expect(host.exitCode).toBe(7)
})

test('a stop before anybody listens ends with the signal', () => {
  host.emit('SIGTERM', 'SIGTERM')
  cluster.listens(0)
  cluster.ends(0, null, 'SIGTERM')
  expect(cluster.workers).toHaveLength(1)
  expect(host.exitCode).toBe(143)
})

test('workers that hang are killed a second after they should have given up', () => {
  cluster.listens(0, 1, 2)
  host.emit('SIGTERM', 'SIGTERM')
  cluster.ends(0, 0, null)
  cluster.told.length = 0
  vi.advanceTimersByTime(6_999)
  expect(cluster.told).toEqual([])
  vi.advanceTimersByTime(1)
  expect(cluster.told).toEqual(['1 signal SIGKILL', '2 signal SIGKILL'])
})
