import fc from 'fast-check'
import { expect } from 'vitest'
import { applyOp, revokeOp } from '../../src/edits/index.ts'
import type { Op } from '../../src/model/op.ts'

export interface Situation {
  readonly path: string
  readonly base: string
  readonly ops: readonly Op[]
}

function applyAll({ path, base }: Situation, ops: readonly Op[]) {
  const chunks = new Map<Op, string>()
  const text = ops.reduce((before, op) => {
    const result = applyOp(path, before, op)
    if (result.state !== 'applied') throw new Error(`${JSON.stringify(result)}\n${before}`)
    chunks.set(op, result.chunk)
    return result.text
  }, base)
  return { text, chunks }
}

function orders<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]]
  return list.flatMap((first) =>
    orders(list.filter((item) => item !== first)).map((rest) => [first, ...rest]),
  )
}

function revoke(path: string, text: string, op: Op, chunk: string): string {
  const result = revokeOp(path, text, op, chunk)
  if (result.state !== 'revoked') throw new Error(`${JSON.stringify(result)}\n${text}`)
  return result.text
}

/** Order leaves no trace, each op can be taken back by itself, and all of them give the base. */
function expectLaws(situation: Situation): void {
  const { path, base, ops } = situation
  const full = applyAll(situation, ops)
  for (const order of orders(ops).slice(1)) {
    const other = applyAll(situation, order)
    expect(other.text).toBe(full.text)
    for (const op of ops) expect(other.chunks.get(op)).toBe(full.chunks.get(op))
  }
  for (const op of ops) {
    expect(applyOp(path, full.text, op)).toMatchObject({ state: 'present' })
    const rest = ops.filter((other) => other !== op)
    const without = revoke(path, full.text, op, full.chunks.get(op) ?? '')
    expect(without).toBe(applyAll(situation, rest).text)
  }
  for (const order of [ops, ops.toReversed()]) {
    const left = order.reduce(
      (text, op) => revoke(path, text, op, full.chunks.get(op) ?? ''),
      full.text,
    )
    expect(left).toBe(base)
  }
}

export const shape = fc.record({
  crlf: fc.boolean(),
  bom: fc.boolean(),
  unfinished: fc.boolean(),
})

export function shaped(
  text: string,
  { crlf, bom, unfinished }: { [key: string]: boolean | undefined },
) {
  const cut = unfinished ? text.replace(/\n$/, '') : text
  return (bom ? '\uFEFF' : '') + (crlf ? cut.replaceAll('\n', '\r\n') : cut)
}

export function pick<T>(...items: readonly T[]) {
  return fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: 3 })
}

export const lines = (...items: readonly string[]) =>
  fc.array(fc.constantFrom(...items), { maxLength: 7 }).map((list) => list.join(''))

/** Asserts the laws of edits for random situations. */
export function holds(situations: fc.Arbitrary<Situation>, numRuns = 60): void {
  fc.assert(fc.property(situations, expectLaws), { numRuns })
}
