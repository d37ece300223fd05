import type { ts } from 'ts-morph'
import type { RevokeResult } from '../model/edit-result.ts'
import { type Call, callsOfStatement, type StatementCall } from './calls.ts'
import { codeEnd } from './guard.ts'
import { refused } from './refuse.ts'
import { type Source, typescript } from './source-file.ts'
import type { Cut } from './splice.ts'
import { intruder, revokeSoundly } from './statement-lines.ts'
import { essence } from './style.ts'

/** What was put in. */
interface Ours {
  readonly call: StatementCall
  readonly chunk: string
  readonly snippet: string
}

/**
 * Takes out the statement of a call, if it still is what was put in: by its text, or by what it
 * hands over, whatever it is called on now and whether it is awaited.
 */
export function takeOut(
  source: Source,
  node: ts.CallExpression,
  { call, chunk, snippet }: Ours,
  cutOf: (statement: ts.Statement) => Cut,
): RevokeResult {
  const { findAncestor, isBlock, isSourceFile, isExpressionStatement } = typescript()
  const at = node.getStart(source.file)
  const statement = findAncestor(node, isExpressionStatement)
  const calls = statement === undefined ? [] : callsOfStatement(statement)
  const ours = calls.find((one) => one.node === node)
  const isOwn = statement && (isBlock(statement.parent) || isSourceFile(statement.parent))
  if (!isOwn || ours === undefined) {
    const message = 'The call became part of other code.'
    return refused(source, 'DRIFT', { message, at, snippet })
  }
  const obstacle = intruder(source, statement, snippet)
  if (obstacle !== undefined) return obstacle
  const end = codeEnd(source, statement)
  const isAsWritten =
    essence(source.text.slice(statement.getStart(source.file), end)) === essence(chunk)
  const isAlike = calls.length === 1 && handed(source, ours) === handed(call.source, call)
  if (!isAsWritten && !isAlike) {
    const message = 'The call was changed since.'
    return refused(source, 'DRIFT', { message, at, snippet })
  }
  return revokeSoundly(source, cutOf(statement), at, snippet)
}

function handed({ file }: Source, { node }: Call): string {
  return node.arguments.map((argument) => essence(argument.getText(file))).join()
}
