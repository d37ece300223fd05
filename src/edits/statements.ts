import type { ts } from 'ts-morph'
import type { ApplyResult, RevokeResult } from '../model/edit-result.ts'
import type { EnsureStatement } from '../model/op.ts'
import { topLevelNames } from './bindings.ts'
import { bodyCut, locateStatement } from './body.ts'
import { type Call, callOf, callStatement, parseCall, walkBody } from './calls.ts'
import { type FunctionBody, findFunction } from './functions.ts'
import { codeEnd, isSound } from './guard.ts'
import { candidate, type Refused, refused, type Target } from './refuse.ts'
import { parseSound, type Source, typescript } from './source-file.ts'
import { spliced } from './splice.ts'
import { intruder, revokeSoundly } from './statement-lines.ts'
import { essence } from './style.ts'

/** A statement as it has to read in one function: under its parameter, without a vain `await`. */
interface Fitted {
  readonly text: string
  readonly call: Call
}

function adapt(source: Source, op: EnsureStatement, fn: FunctionBody): Fitted | Refused {
  const statement = fn.isAsync ? op.statement : op.statement.replace(/^await\s+/, '')
  const call = parseCall(statement)
  if (call.root === undefined || isKnown(source, fn, call.root.text))
    return { text: statement, call }
  const { isIdentifier } = typescript()
  const parameter = fn.node.parameters[0]?.name
  if (parameter === undefined || !isIdentifier(parameter)) {
    const message = `The function "${op.within}" has no "${call.root.text}" to call this on.`
    const at = fn.node.getStart(source.file)
    return refused(source, 'NO_ANCHOR', { message, at, snippet: op.statement })
  }
  const end = call.rootAt + call.root.text.length
  const text = statement.slice(0, call.rootAt) + parameter.text + statement.slice(end)
  return { text, call: parseCall(text) }
}

function isKnown(source: Source, { node, block }: FunctionBody, name: string): boolean {
  const { isIdentifier, isVariableDeclaration, isParameter } = typescript()
  if (topLevelNames(source).has(name)) return true
  const declares = (child: ts.Node) =>
    (isVariableDeclaration(child) || isParameter(child)) &&
    isIdentifier(child.name) &&
    child.name.text === name
  let known = node.parameters.some(declares)
  walkBody(block, (child) => {
    known ||= declares(child)
  })
  return known
}

function prepare(target: Target, op: EnsureStatement) {
  const source = parseSound(target, op.statement)
  if ('state' in source) return source
  const fn = findFunction(source, op.within, op.statement)
  if ('state' in fn) return { ...fn, source }
  const fitted = adapt(source, op, fn)
  if ('state' in fitted) return { ...fitted, source }
  return { source, fn, ...fitted }
}

function isSame(a: Call | undefined, b: Call): boolean {
  if (a?.name !== b.name) return false
  return a.root === undefined ? b.root === undefined : a.shape === b.shape
}

function calls(source: Source, block: ts.Block, call: Call): ts.Node[] {
  const found: ts.Node[] = []
  walkBody(block, (node) => {
    if (isSame(callOf(source, node), call)) found.push(node)
  })
  return found
}

/** Puts a call on a line of its own into the body of a function, at the place of its rank. */
export function applyStatement(target: Target, op: EnsureStatement): ApplyResult {
  const ready = prepare(target, op)
  if ('state' in ready) return { state: 'refused', refusal: ready.refusal }
  const { source, fn, text, call } = ready
  if (calls(source, fn.block, call).length > 0) return { state: 'present' }
  const located = locateStatement(source, fn.block, text, call, op)
  if (located === undefined || !isSound(source, located.splice)) {
    const message = `No line of its own was found in "${op.within}".`
    const at = fn.node.getStart(source.file)
    return refused(target, 'NO_ANCHOR', { message, at, snippet: text })
  }
  return { state: 'applied', text: spliced(target.text, located.splice), chunk: located.chunk }
}

/** Takes a statement out; it is found by what it calls, so a formatter or a move do not matter. */
export function revokeStatement(target: Target, op: EnsureStatement, chunk: string): RevokeResult {
  const ready = prepare(target, op)
  if ('state' in ready) {
    const isGone = ready.refusal.code === 'NO_ANCHOR' && 'source' in ready
    return isGone ? gone(ready.source, op) : { state: 'refused', refusal: ready.refusal }
  }
  const { source, fn, text, call } = ready
  const found = calls(source, fn.block, call)
  const [first] = found
  if (first === undefined) return { state: 'absent' }
  const at = first.getStart(source.file)
  if (found.length > 1) {
    const candidates = found.map((node) => candidate(source, node.getStart(source.file)))
    const message = `"${call.name}" is registered ${found.length} times.`
    return refused(target, 'AMBIGUOUS', { message, at, snippet: text, candidates })
  }
  return takeOut(source, fn, first, text, chunk)
}

function takeOut(
  source: Source,
  fn: FunctionBody,
  node: ts.Node,
  text: string,
  chunk: string,
): RevokeResult {
  const t = typescript()
  const statement = t.findAncestor(node, (parent) => callStatement(source, parent) !== undefined)
  const at = node.getStart(source.file)
  if (statement === undefined || !t.isBlock(statement.parent)) {
    const message = 'The call became part of other code.'
    return refused(source, 'DRIFT', { message, at, snippet: text })
  }
  const obstacle = intruder(source, statement, text)
  if (obstacle !== undefined) return obstacle
  const now = essence(
    source.text.slice(statement.getStart(source.file), codeEnd(source, statement)),
  )
  if (now !== essence(text) && now !== essence(chunk)) {
    const message = 'The call was changed since.'
    return refused(source, 'DRIFT', { message, at, snippet: text })
  }
  return revokeSoundly(source, bodyCut(source, fn.block, statement), at, text)
}

function gone(source: Source, op: EnsureStatement): RevokeResult {
  const { name } = parseCall(op.statement)
  let at: number | undefined
  const visit = (node: ts.Node): void => {
    if (callStatement(source, node)?.name === name) at ??= node.getStart(source.file)
    typescript().forEachChild(node, visit)
  }
  visit(source.file)
  if (at === undefined) return { state: 'absent' }
  const message = `The function "${op.within}" is gone, but something like our call is still here.`
  return refused(source, 'DRIFT', { message, at, snippet: op.statement })
}
