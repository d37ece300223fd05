import type { ApplyResult, RevokeResult } from '../model/edit-result.ts'
import type { Op } from '../model/op.ts'
import { eolOf, withEol } from '../system/line-endings.ts'
import { applyEnv, revokeEnv } from './env.ts'
import { applyExport, revokeExport } from './exports.ts'
import { applyFresh } from './fresh.ts'
import { generatedIn } from './generated.ts'
import { applyImport, revokeImport } from './imports.ts'
import { applyJson, revokeJson } from './json.ts'
import { applyJsonItems, revokeJsonItems } from './json-items.ts'
import { applyListItem, revokeListItem } from './list-items.ts'
import { applyMarkdown, revokeMarkdown } from './markdown.ts'
import { applyPlain, revokePlain } from './plain-lines-edit.ts'
import { applyProperty, revokeProperty } from './properties.ts'
import { refused, type Target } from './refuse.ts'
import { applyStatement, revokeStatement } from './statements.ts'
import { applyYaml, revokeYaml } from './yaml.ts'

const BOM = '\uFEFF'

/**
 * Makes the change that an op declares in the text of one file.
 *
 * Before it is handed out, the outcome is checked: taking the chunk out gives the input back byte
 * for byte, and a second application finds the op present. What fails that is refused.
 *
 * @param path serves messages and the choice of the language; nothing is read
 */
export function applyOp(path: string, text: string, op: Op): ApplyResult {
  const [mark, target] = split(path, text)
  // Needs no check: one line more of a kind, where every line of the text is complete by itself.
  const plain = applyPlain(target, op)
  if (plain?.state === 'applied') return { ...plain, text: mark + plain.text }
  return plain ?? applyByParsing(path, text, op)
}

/**
 * The same in a text that was rendered from a template of ours in this very run, and that only ops
 * have changed since: it is known to be sound, so most changes need no parser.
 */
export function applyOpFresh(path: string, text: string, op: Op): ApplyResult {
  return applyFresh({ path, text }, op) ?? applyOp(path, text, op)
}

/** What `applyOp` does where lines alone do not tell. */
export function applyByParsing(path: string, text: string, op: Op): ApplyResult {
  const [mark, target] = split(path, text)
  const result = apply(target, op)
  if (result.state !== 'applied') return result
  const generated = generatedIn(target, op, result.chunk)
  if (generated !== undefined) return generated
  const done = { path, text: result.text }
  const back = revoke(done, op, result.chunk, true)
  const isInvertible = back.state === 'revoked' && back.text === target.text
  if (!isInvertible || apply(done, op).state !== 'present') {
    const message = "This edit couldn't be undone exactly."
    return refused(target, 'NO_ANCHOR', { message, snippet: result.chunk })
  }
  return { ...result, text: mark + result.text }
}

/**
 * Takes back what `applyOp` did, also after the file was reformatted or edited around it.
 *
 * @param chunk the recorded chunk of the application
 */
export function revokeOp(path: string, text: string, op: Op, chunk: string): RevokeResult {
  const [mark, target] = split(path, text)
  const fitting = fitted(chunk, text)
  const plain = revokePlain(target, op, fitting)
  if (plain?.state === 'revoked') return { ...plain, text: mark + plain.text }
  return plain ?? revokeByParsing(path, text, op, fitting)
}

/** What `revokeOp` does where lines alone do not tell. */
export function revokeByParsing(path: string, text: string, op: Op, chunk: string): RevokeResult {
  const [mark, target] = split(path, text)
  const result = revoke(target, op, chunk, false)
  return result.state === 'revoked' ? { ...result, text: mark + result.text } : result
}

/** The chunk with the line endings of the text: git may have converted the file since. */
function fitted(chunk: string, text: string): string {
  if (!chunk.includes('\n') || text.includes(chunk)) return chunk
  return withEol(chunk, eolOf(text) ?? '\n')
}

function split(path: string, text: string): [mark: string, target: Target] {
  return text.startsWith(BOM) ? [BOM, { path, text: text.slice(1) }] : ['', { path, text }]
}

function apply(target: Target, op: Op): ApplyResult {
  switch (op.op) {
    case 'ensureImport':
      return applyImport(target, op)
    case 'ensureStatement':
      return applyStatement(target, op)
    case 'ensureListItem':
      return applyListItem(target, op)
    case 'ensureProperty':
      return applyProperty(target, op)
    case 'ensureExport':
      return applyExport(target, op)
    case 'ensureJson':
      return applyJson(target, op)
    case 'ensureJsonItems':
      return applyJsonItems(target, op)
    case 'ensureYaml':
      return applyYaml(target, op)
    case 'ensureEnv':
      return applyEnv(target, op)
    case 'ensureMarkdown':
      return applyMarkdown(target, op)
  }
}

function revoke(target: Target, op: Op, chunk: string, evenIfUsed: boolean): RevokeResult {
  switch (op.op) {
    case 'ensureImport':
      return revokeImport(target, op, evenIfUsed)
    case 'ensureStatement':
      return revokeStatement(target, op, chunk)
    case 'ensureListItem':
      return revokeListItem(target, op, chunk)
    case 'ensureProperty':
      return revokeProperty(target, op, chunk)
    case 'ensureExport':
      return revokeExport(target, op)
    case 'ensureJson':
      return revokeJson(target, op, chunk)
    case 'ensureJsonItems':
      return revokeJsonItems(target, op, chunk)
    case 'ensureYaml':
      return revokeYaml(target, op, chunk)
    case 'ensureEnv':
      return revokeEnv(target, op, chunk)
    case 'ensureMarkdown':
      return revokeMarkdown(target, op, chunk)
  }
}
