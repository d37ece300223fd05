import type { ts } from 'ts-morph'
import type { CodeStyle } from '../model/place.ts'
import { indentUnit } from './lines.ts'
import { parse, type Source, typescript } from './source-file.ts'
import { quote, semicolon } from './style.ts'

/** How templates are written, and files of which nothing else is known. */
export const ownStyle: CodeStyle = { quote: "'", semicolon: '', indent: '  ' }

/** How a file is written. */
export function codeStyleOf(path: string, text: string): CodeStyle {
  const source = parse({ path, text: text.replace(/^\uFEFF/, '') })
  return {
    quote: quote(source) === '"' ? '"' : "'",
    semicolon: semicolon(source, source.file.statements) === ';' ? ';' : '',
    indent: indentUnit(text),
  }
}

/** The text of a template in another style; its quotes, ends of statements and indents change. */
export function restyled(path: string, text: string, style: CodeStyle): string {
  const source = parse({ path, text })
  const edits = [
    ...(style.quote === ownStyle.quote ? [] : quoteEdits(source, style.quote)),
    ...(style.semicolon === ownStyle.semicolon ? [] : semicolonEdits(source)),
  ].sort((a, b) => b.start - a.start)
  const edited = edits.reduce(
    (done, { start, end, put }) => done.slice(0, start) + put + done.slice(end),
    text,
  )
  if (style.indent === ownStyle.indent) return edited
  // No template has a text of several lines in which spaces would count.
  return edited.replace(/^( {2})+/gm, (spaces) => style.indent.repeat(spaces.length / 2))
}

interface Replacement {
  readonly start: number
  readonly end: number
  readonly put: string
}

/** A string that would need more escapes in the other quotes stays. */
function quoteEdits({ file, text }: Source, wanted: CodeStyle['quote']): readonly Replacement[] {
  const { forEachChild, isStringLiteral } = typescript()
  const found: Replacement[] = []
  const visit = (node: ts.Node): void => {
    if (isStringLiteral(node)) {
      const [start, end] = [node.getStart(file), node.end]
      const inner = text.slice(start + 1, end - 1)
      if (!inner.includes(wanted) && !inner.includes(`\\${text[start]}`)) {
        found.push({ start, end, put: wanted + inner + wanted })
      }
    }
    forEachChild(node, visit)
  }
  visit(file)
  return found
}

function semicolonEdits({ file, text }: Source): readonly Replacement[] {
  const t = typescript()
  const found: Replacement[] = []
  const ended = (node: ts.Node): boolean =>
    t.isExpressionStatement(node) ||
    t.isVariableStatement(node) ||
    t.isReturnStatement(node) ||
    t.isThrowStatement(node) ||
    t.isImportDeclaration(node) ||
    t.isExportDeclaration(node) ||
    t.isExportAssignment(node) ||
    t.isTypeAliasDeclaration(node) ||
    (t.isPropertySignature(node) && t.isInterfaceDeclaration(node.parent))
  const visit = (node: ts.Node): void => {
    if (ended(node) && text[node.end - 1] !== ';') {
      found.push({ start: node.end, end: node.end, put: ';' })
    }
    t.forEachChild(node, visit)
  }
  visit(file)
  return found
}
