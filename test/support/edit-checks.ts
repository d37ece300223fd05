import { expect } from 'vitest'
import { applyOp, revokeOp } from '../../src/edits/index.ts'
import type { ApplyResult } from '../../src/model/edit-result.ts'
import type { Op } from '../../src/model/op.ts'
import type { Refusal } from '../../src/model/refusal.ts'
import type { Session, Step } from './edit-sessions.ts'
import type { UserEdit } from './user-edits.ts'

/** How often which op came out how. */
export class Tally {
  readonly #counts = new Map<string, number>()

  add(op: Op, outcome: string): void {
    const key = `${op.op} ${outcome}`
    this.#counts.set(key, this.count(op.op, outcome) + 1)
  }

  count(op: Op['op'], outcome: string): number {
    return this.#counts.get(`${op} ${outcome}`) ?? 0
  }

  toString(): string {
    return [...this.#counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, count]) => `${key} ${count}`)
      .join(', ')
  }
}

interface Recorded {
  readonly op: Op
  readonly chunk: string
}

interface State {
  readonly text: string
  readonly recorded: readonly Recorded[]
  /** Whether the user changed what is ours, maybe to nonsense. */
  readonly isTouched: boolean
}

function commonStart(a: string, b: string): number {
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  return i
}

/** What `longer` has more than `shorter`: one stretch, or a comma and one stretch. */
function surplus(longer: string, shorter: string): string {
  const at = commonStart(longer, shorter)
  const size = longer.length - shorter.length
  if (longer.slice(at + size) === shorter.slice(at)) return longer.slice(at, at + size)
  expect(longer[at]).toBe(',')
  const further = commonStart(longer.slice(at + 1), shorter.slice(at))
  const start = at + 1 + further
  expect(longer.slice(start + size - 1)).toBe(shorter.slice(at + further))
  return longer.slice(start, start + size - 1)
}

function frameOf(op: Op): string {
  switch (op.op) {
    case 'ensureImport':
      return `import type { } const = require('${op.from}') from '#app/x' Renamed { default as Other }`
    case 'ensureJson':
    case 'ensureYaml':
      return `${op.path.join('')}"":{}:`
    default:
      return ''
  }
}

function letters(text: string): string[] {
  return [...text.replace(/[\s,;]/g, '').replaceAll('"', "'")].sort()
}

/** That a stretch of text is what an op adds, and no comment of anybody. */
function expectOurs(part: string, { op, chunk }: Recorded): void {
  const allowed = letters(chunk + frameOf(op))
  for (const letter of letters(part)) {
    const i = allowed.indexOf(letter)
    expect(i, `${JSON.stringify(part)} of ${JSON.stringify(op)}`).not.toBe(-1)
    allowed.splice(i, 1)
  }
  if (!('path' in op || 'section' in op || 'block' in op)) expect(part).not.toMatch(/\/\/|\/\*/)
}

function expectHelpful(text: string, refusal: Refusal): void {
  expect(refusal).toMatchObject({ message: expect.any(String), hint: expect.any(String) })
  expect(refusal.snippet).toBeTruthy()
  expect(refusal.line).toBeGreaterThan(0)
  expect(refusal.line).toBeLessThanOrEqual(text.split('\n').length)
}

function applied(path: string, state: State, op: Op, tally: Tally): State {
  const result: ApplyResult = applyOp(path, state.text, op)
  tally.add(op, result.state === 'refused' ? result.refusal.code : result.state)
  if (result.state === 'refused') expectHelpful(state.text, result.refusal)
  // There is a place in these files, but for a neighbour that an order names.
  const names = 'order' in op && typeof op.order === 'object' && !Array.isArray(op.order)
  if (result.state === 'refused' && !names && !state.isTouched) {
    expect(result.refusal.code).not.toBe('NO_ANCHOR')
  }
  if (result.state !== 'applied') return state
  const ours = { op, chunk: result.chunk }
  const added = surplus(result.text, state.text)
  expectOurs(added, ours)
  expect(letters(added).length).toBeGreaterThanOrEqual(letters(result.chunk).length)
  expect(applyOp(path, result.text, op)).toMatchObject({ state: 'present' })
  return { ...state, text: result.text, recorded: [...state.recorded, ours] }
}

function isEdit(step: Step): step is UserEdit {
  return 'make' in step
}

function played({ path, base, steps }: Session, tally: Tally): State {
  let state: State = { text: base, recorded: [], isTouched: false }
  for (const step of steps) {
    if (isEdit(step)) {
      const isTouched = state.isTouched || !step.isApart
      state = { ...state, text: step.make(state.text), isTouched }
    } else state = applied(path, state, step, tally)
  }
  return state
}

/** What the file would be, had one op not been. */
function textWithout(op: Op, { path, base, steps }: Session): string {
  let text = base
  for (const step of steps) {
    if (isEdit(step)) text = step.make(text)
    else if (step !== op) {
      const result = applyOp(path, text, step)
      if (result.state === 'applied') text = result.text
    }
  }
  return text
}

function revoked(path: string, text: string, ours: Recorded, tally: Tally): string | undefined {
  const result = revokeOp(path, text, ours.op, ours.chunk)
  tally.add(ours.op, result.state === 'refused' ? `left ${result.refusal.code}` : result.state)
  if (result.state === 'refused') {
    expectHelpful(text, result.refusal)
    return undefined
  }
  if (result.state === 'absent') return text
  expectOurs(surplus(text, result.text), ours)
  return result.text
}

/** Takes back all that can be, until nothing more goes. */
function allRevoked(path: string, state: State, tally: Tally): State {
  let { text } = state
  const left = state.recorded.filter((ours) => {
    const rest = revoked(path, text, ours, tally)
    text = rest ?? text
    return rest === undefined
  })
  const next = { ...state, text, recorded: left }
  return left.length > 0 && left.length < state.recorded.length
    ? allRevoked(path, next, tally)
    : next
}

/**
 * Holds the laws of one session: only what is ours comes and goes; where the user left that alone,
 * taking all of it back leaves the user's bytes, and taking one back what would be without it.
 */
export function expectSession(session: Session, tally: Tally): void {
  const { path, base, steps } = session
  const full = played(session, tally)
  const edits = steps.filter(isEdit)
  const bare = allRevoked(path, full, tally)
  if (edits.some(({ isApart }) => !isApart)) return
  expect(bare.recorded).toEqual([])
  expect(bare.text).toBe(edits.reduce((text, { make }) => make(text), base))
  if (edits.some(({ isEntry }) => isEntry)) return
  const [first] = full.recorded
  if (first === undefined || full.recorded.length < 2) return
  const one = revoked(path, full.text, first, tally)
  if (one !== undefined) expect(one).toBe(textWithout(first.op, session))
}
