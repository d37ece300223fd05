import type { ts } from 'ts-morph'
import { parse, type Source, syntaxError, typescript } from './source-file.ts'
import { type Splice, spliced } from './splice.ts'

interface Shape {
  readonly kind: number
  readonly depth: number
  readonly start: number
  readonly leafEnd: number
}

/** The end of a node without the semicolon that may close it. */
export function codeEnd(source: Source, node: ts.Node): number {
  const last = lastChild(node)
  const tail = source.text.slice(last?.end ?? node.end, node.end)
  return last !== undefined && tail.endsWith(';') ? last.end : node.end
}

function lastChild(node: ts.Node): ts.Node | undefined {
  let last: ts.Node | undefined
  typescript().forEachChild(node, (child) => {
    last = child
  })
  return last
}

/** The nodes of a file, without those that lie in a stretch of its text. */
function shapes(source: Source, from = 0, to = 0): Shape[] {
  const { forEachChild, isIdentifier, SyntaxKind } = typescript()
  const ignored = new Set([SyntaxKind.EndOfFileToken, SyntaxKind.EmptyStatement])
  const list: Shape[] = []
  const visit = (node: ts.Node, depth: number): void => {
    // A semicolon at the head of a line may belong to the statement above it or to none.
    if (ignored.has(node.kind)) return
    const start = node.getStart(source.file)
    if (start >= from && start < to && codeEnd(source, node) <= to) return
    const leafEnd = node.kind <= SyntaxKind.LastToken || isIdentifier(node) ? node.end : -1
    list.push({ kind: node.kind, depth, start, leafEnd })
    forEachChild(node, (child) => visit(child, depth + 1))
  }
  forEachChild(source.file, (child) => visit(child, 0))
  return list
}

/**
 * Whether a splice added exactly its own nodes: no new syntax error, and every node of the old
 * text is still there, in order, at its depth and with its extent. This is what catches a missing
 * semicolon that makes two statements one.
 */
export function isSound(before: Source, splice: Splice): boolean {
  const after = parse({ path: before.path, text: spliced(before.text, splice) })
  if (syntaxError(after) !== undefined) return false
  const { at, text } = splice
  const moved = (offset: number, open: boolean) =>
    offset > at || (open && offset === at) ? offset + text.length : offset
  const was = shapes(before)
  const is = shapes(after, at, at + text.length)
  return (
    was.length === is.length &&
    was.every((old, i) => {
      const now = is[i]
      const leafEnd = old.leafEnd === -1 ? -1 : moved(old.leafEnd, old.leafEnd === old.start)
      return (
        now?.kind === old.kind &&
        now.depth === old.depth &&
        now.start === moved(old.start, true) &&
        now.leafEnd === leafEnd
      )
    })
  )
}
