import type { ts } from 'ts-morph'
import { parse, type Source, syntaxError, typescript } from './source-file.ts'
import { type Splice, spliced } from './splice.ts'

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

/**
 * Whether a splice added exactly its own nodes: no new syntax error, and every node of the old
 * text is still there, in order, at its depth and with its extent. This is what catches a missing
 * semicolon that makes two statements one.
 */
export function isSound(before: Source, splice: Splice): boolean {
  const after = parse({ path: before.path, text: spliced(before.text, splice) })
  if (syntaxError(after) !== undefined) return false
  return isSameInside(before.file, after.file, { before, after, splice })
}

interface Comparison {
  readonly before: Source
  readonly after: Source
  readonly splice: Splice
}

function moved({ at, text }: Splice, offset: number, isOpen: boolean): number {
  return offset > at || (isOpen && offset === at) ? offset + text.length : offset
}

/** Whether what is below two nodes is the same, save for what lies in the splice. */
function isSameInside(was: ts.Node, is: ts.Node, comparison: Comparison): boolean {
  const { after, splice } = comparison
  const end = splice.at + splice.text.length
  const old = childrenOf(was)
  const now = childrenOf(is).filter((node) => {
    const start = node.getStart(after.file)
    return start < splice.at || start >= end || codeEnd(after, node) > end
  })
  // What does not touch the splice is parsed from the same text in the same state: looking into
  // every statement of a long file again would take longer than to parse it.
  const isFar = (i: number) =>
    'statements' in was &&
    ((old[i + 1]?.end ?? Number.POSITIVE_INFINITY) < splice.at ||
      (old[i - 1]?.pos ?? -1) > splice.at)
  return (
    old.length === now.length &&
    old.every((node, i) => {
      const other = now[i]
      return other !== undefined && isSameNode(node, other, isFar(i), comparison)
    })
  )
}

function isSameNode(was: ts.Node, is: ts.Node, isFar: boolean, comparison: Comparison): boolean {
  const { isIdentifier, SyntaxKind } = typescript()
  const { before, after, splice } = comparison
  const start = was.getStart(before.file)
  if (was.kind !== is.kind || is.getStart(after.file) !== moved(splice, start, true)) return false
  if (isFar && was.flags === is.flags) return is.end === moved(splice, was.end, false)
  const isLeaf = was.kind <= SyntaxKind.LastToken || isIdentifier(was)
  if (isLeaf && is.end !== moved(splice, was.end, was.end === start)) return false
  return isSameInside(was, is, comparison)
}

function childrenOf(node: ts.Node): ts.Node[] {
  const { forEachChild, SyntaxKind } = typescript()
  const children: ts.Node[] = []
  forEachChild(node, (child) => {
    // A semicolon at the head of a line may belong to the statement above it or to none.
    const isIgnored =
      child.kind === SyntaxKind.EndOfFileToken || child.kind === SyntaxKind.EmptyStatement
    if (!isIgnored) children.push(child)
  })
  return children
}
