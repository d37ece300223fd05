import { createRequire } from 'node:module'
import type * as Lezer from '@prometheus-io/lezer-promql'

/** A metric as an expression selects it. */
export interface Selector {
  readonly metric: string
  readonly matchers: readonly Matcher[]
  /** Labels that the expression groups or joins this metric by. */
  readonly grouped: readonly string[]
}

export interface Matcher {
  readonly label: string
  readonly operator: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

let loaded: typeof Lezer | undefined

function parser(): typeof Lezer.parser {
  loaded ??= createRequire(import.meta.url)('@prometheus-io/lezer-promql') as typeof Lezer
  return loaded.parser
}

interface Syntax {
  readonly name: string
  readonly from: number
  readonly to: number
  getChild(name: string): Syntax | null
  getChildren(name: string): Syntax[]
  readonly parent: Syntax | null
}

/** Every selector of an expression. Variables of Grafana may stand for values and durations. */
export function selectorsIn(expression: string): readonly Selector[] {
  const text = expression.replaceAll(/\$__(?:rate_)?interval\b|\$__range\b/g, '5m')
  const selectors: Selector[] = []
  parser()
    .parse(text)
    .iterate({
      enter({ name, node }) {
        if (name === 'VectorSelector') selectors.push(selectorOf(node as unknown as Syntax, text))
      },
    })
  return selectors.filter(({ metric }) => metric !== '')
}

function selectorOf(node: Syntax, text: string): Selector {
  const textOf = (part: Syntax | null) => (part === null ? '' : text.slice(part.from, part.to))
  const list = node.getChild('LabelMatchers')
  const matchers = (list?.getChildren('UnquotedLabelMatcher') ?? []).map((matcher) => ({
    label: textOf(matcher.getChild('LabelName')),
    operator: textOf(matcher.getChild('MatchOp')) as Matcher['operator'],
    value: unquoted(textOf(matcher.getChild('StringLiteral'))),
  }))
  return { metric: textOf(node.getChild('Identifier')), matchers, grouped: groupedBy(node, textOf) }
}

/** The labels of `by` around a selector, as far as no other aggregation is in between. */
function groupedBy(node: Syntax, textOf: (part: Syntax | null) => string): readonly string[] {
  for (let above = node.parent; above !== null; above = above.parent) {
    if (above.name !== 'AggregateExpr') continue
    const modifier = above.getChild('AggregateModifier')
    if (modifier?.getChild('By') == null) return []
    return (modifier.getChild('GroupingLabels')?.getChildren('LabelName') ?? []).map(textOf)
  }
  return []
}

function unquoted(literal: string): string {
  const inner = literal.slice(1, -1)
  return literal.startsWith('`') ? inner : inner.replaceAll(/\\(.)/g, '$1')
}
