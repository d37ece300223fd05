import type { ApplyResult, RevokeResult } from '../model/edit-result.ts'
import type { EnsureStatement } from '../model/op.ts'
import { opening } from './awaiting.ts'
import { bodyCut, locateStatement } from './body.ts'
import { parseCall, type StatementCall } from './calls.ts'
import { findSpot } from './find-spot.ts'
import { isSound } from './guard.ts'
import { importedInstances } from './imported-instances.ts'
import { survey } from './instances.ts'
import { instanceParameters } from './parameters.ts'
import { callsAt, callsOnAny, sameCalls } from './presence.ts'
import { candidate, refused, type Target } from './refuse.ts'
import { parseSound, type Source } from './source-file.ts'
import { spliced } from './splice.ts'
import type { Spot } from './spots.ts'
import { anchorOf } from './statement-order.ts'
import { quote } from './style.ts'
import { takeOut } from './take-out.ts'

/** The statement as it reads at a spot: on its instance, in the file's quotes, no vain `await`. */
function adapted(source: Source, spot: Spot, op: EnsureStatement, call: StatementCall): string {
  const { root, rootAt } = call
  const start = opening(source, spot, call, /^await\s/.test(op.statement))
  const bare = op.statement.replace(/^(?:await|void)\s+/, '')
  if (root === undefined || spot.expression === undefined) return start + inQuotes(source, bare)
  const end = rootAt + root.getText(call.source.file).length
  return start + spot.expression + inQuotes(source, op.statement.slice(end))
}

/** Our strings hold no quotes themselves. */
function inQuotes(source: Source, statement: string): string {
  return statement.includes("'") ? statement.replaceAll("'", quote(source)) : statement
}

/** Puts a call on a line of its own into a body of statements, at the place of its order. */
export function applyStatement(target: Target, op: EnsureStatement): ApplyResult {
  const source = parseSound(target, op.statement)
  if ('state' in source) return source
  const call = parseCall(op.statement)
  const spot = findSpot(source, op, call)
  if ('state' in spot) {
    const isChained = op.within === undefined && chained(source, call).length > 0
    return isChained ? { state: 'present' } : spot
  }
  if (callsAt(source, spot, call).length > 0) return { state: 'present' }
  const anchor = anchorOf(source, spot, call, op)
  if (anchor !== undefined && 'state' in anchor) return anchor
  const text = adapted(source, spot, op, call)
  const located = locateStatement(source, spot, anchor, text, call)
  if (located === undefined || !isSound(source, located.splice)) {
    const message = `No line of its own was found ${op.within ? `in "${op.within}"` : 'here'}.`
    const at = spot.at.getStart(source.file)
    return refused(target, 'NO_ANCHOR', { message, at, snippet: text })
  }
  return { state: 'applied', text: spliced(target.text, located.splice), chunk: located.chunk }
}

/** Registrations on instances that nothing holds, as in `return Fastify().register(a)`. */
function chained(source: Source, call: StatementCall) {
  const { instances, loose } = survey(source)
  const holders = instances.length > 0 ? [] : loose.map((node) => ({ node }))
  return callsOnAny(source, holders, call)
}

/** Takes a statement out; it is found by what it calls, so a formatter or a move do not matter. */
export function revokeStatement(target: Target, op: EnsureStatement, chunk: string): RevokeResult {
  const source = parseSound(target, op.statement)
  if ('state' in source) return source
  const call = parseCall(op.statement)
  const spot = findSpot(source, op, call)
  const isGone = 'state' in spot
  const here = isGone ? [] : callsAt(source, spot, call)
  // Somebody may have renamed the instance, or moved the line to where another one is built.
  const isSearched = here.length === 0 && (isGone || op.within === undefined)
  const found = isSearched ? callsOnAny(source, knownHolders(source), call) : here
  const [first] = found
  if (first === undefined) return isGone ? gone(source, op, call) : { state: 'absent' }
  const at = first.getStart(source.file)
  const snippet = op.statement
  if (found.length > 1) {
    const candidates = found.map((node) => candidate(source, node.getStart(source.file)))
    const message = `"${call.name}" is registered ${found.length} times.`
    return refused(target, 'AMBIGUOUS', { message, at, snippet, candidates })
  }
  const body = isGone ? source.file : spot.body
  return takeOut(source, first, { call, chunk, snippet }, (statement) =>
    bodyCut(source, body, statement),
  )
}

function knownHolders(source: Source) {
  return [
    ...[...survey(source).instances, ...importedInstances(source)].flatMap(
      ({ holders }) => holders,
    ),
    ...instanceParameters(source).map(({ parameter }) => ({ node: parameter })),
  ]
}

function gone(source: Source, op: EnsureStatement, call: StatementCall): RevokeResult {
  const [left] = sameCalls(source, call)
  if (left === undefined) return { state: 'absent' }
  const what = op.within === undefined ? 'The Fastify instance' : `"${op.within}"`
  const message = `${what} is gone, but something like our call is still here.`
  const at = left.getStart(source.file)
  return refused(source, 'DRIFT', { message, at, snippet: op.statement })
}
