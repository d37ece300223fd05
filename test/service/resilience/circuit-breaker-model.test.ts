import { expect, test } from 'vitest'
import { CircuitBreaker, CircuitOpenError } from '../../../src/resilience/circuit-breaker.ts'
import { randomFrom } from '../../support/random.ts'
import { type Admitted, BreakerModel, type Outcome } from '../support/breaker-model.ts'
import { openCall } from '../support/calls.ts'
import { advance, useFakeClock } from '../support/fake-clock.ts'

useFakeClock()

const outcomes: readonly Outcome[] = ['success', 'success', 'failure', 'failure', 'ignored']

/** A breaker and its model, with the calls that are running in both. */
class Session {
  readonly #random: () => number
  readonly #breaker: CircuitBreaker
  readonly #model: BreakerModel
  readonly #open: ((outcome: Outcome) => Promise<void>)[] = []
  readonly openTimeoutMs: number
  readonly successThreshold: number
  /** What happened so far, for the message of a failure. */
  readonly story: string[] = []

  constructor(random: () => number) {
    this.#random = random
    this.openTimeoutMs = this.below(100) + 1
    this.successThreshold = this.below(3) + 1
    const limits = {
      failureThreshold: this.below(4) + 1,
      openTimeoutMs: this.openTimeoutMs,
      halfOpenMaxCalls: this.below(3) + 1,
      successThreshold: this.successThreshold,
    }
    this.#breaker = new CircuitBreaker('callee', limits)
    this.#model = new BreakerModel(limits)
    this.story.push(JSON.stringify(limits))
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  async step(): Promise<void> {
    const kind = this.#random()
    if (kind < 0.45) await this.call()
    else if (kind < 0.8) await this.end(outcomes[this.below(outcomes.length)] ?? 'success')
    else if (kind < 0.99) await this.advance(this.below(2 * this.openTimeoutMs))
    else this.reset()
    expect(this.#breaker.stats().state, this.story.join('\n')).toBe(this.#model.state)
  }

  async call(): Promise<boolean> {
    const expected = this.#model.call()
    const call = openCall()
    const controller = new AbortController()
    let begun = false
    const work = (signal: AbortSignal) => {
      begun = true
      return call.work(signal)
    }
    const ended = this.#breaker.execute(work, controller.signal).catch((error) => error)
    this.story.push(`call: ${expected ? 'admitted' : 'rejected'}`)
    expect(begun, this.story.join('\n')).toBe(expected !== undefined)
    if (expected) this.#open.push(this.#ender(expected, call, controller, ended))
    else expect(await ended).toBeInstanceOf(CircuitOpenError)
    return begun
  }

  #ender(
    expected: Admitted,
    call: ReturnType<typeof openCall>,
    controller: AbortController,
    ended: Promise<unknown>,
  ): (outcome: Outcome) => Promise<void> {
    return async (outcome) => {
      if (outcome === 'success') call.succeed()
      if (outcome === 'failure') call.fail()
      if (outcome === 'ignored') controller.abort()
      await ended
      expected(outcome)
    }
  }

  /** Ends one of the running calls. */
  async end(outcome: Outcome): Promise<void> {
    const [end] = this.#open.splice(this.below(this.#open.length), 1)
    this.story.push(`one of ${this.#open.length + (end ? 1 : 0)} ends: ${outcome}`)
    await end?.(outcome)
  }

  async advance(ms: number): Promise<void> {
    this.story.push(`${ms} ms pass`)
    await advance(ms)
    this.#model.advance(ms)
  }

  reset(): void {
    this.story.push('reset')
    this.#breaker.reset()
    this.#model.reset()
  }

  /**
   * Lets the callee answer at once from now on, while no earlier call ever ends. One call may find
   * that trials hang; the next ones are the trials that close the circuit.
   */
  async recover(): Promise<void> {
    this.#open.length = 0
    await this.advance(this.openTimeoutMs)
    if (!(await this.call())) await this.advance(this.openTimeoutMs)
    for (let trial = 0; trial < this.successThreshold; trial += 1) {
      await this.end('success')
      await this.call()
    }
    await this.end('success')
  }

  get closed(): boolean {
    return this.#breaker.stats().state === 'closed'
  }
}

const first = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000)

test(`does what the model does, over random outcomes and times (TEST_SEED=${first})`, async () => {
  for (let seed = first; seed < first + 150; seed += 1) {
    const session = new Session(randomFrom(seed))
    session.story.push(`seed ${seed}`)
    for (let step = 0; step < 60; step += 1) await session.step()
  }
})

test(`never gets stuck, even if no running call ever ends (TEST_SEED=${first})`, async () => {
  for (let seed = first; seed < first + 150; seed += 1) {
    const session = new Session(randomFrom(seed))
    session.story.push(`seed ${seed}`)
    for (let step = 0; step < 60; step += 1) await session.step()
    await session.recover()
    expect(session.closed, session.story.join('\n')).toBe(true)
  }
})
