import type { ApplyResult } from '../model/edit-result.ts'
import type { EnsureYaml } from '../model/op.ts'
import { nextLine } from './lines.ts'
import type { Target } from './refuse.ts'
import { insertEntry, type Level } from './yaml.ts'
import { contentEnd, type Entry } from './yaml-entries.ts'

/** An entry in a mapping that has a line for each of its keys. */
export function entryFresh(target: Target, op: EnsureYaml): ApplyResult | undefined {
  const levels: Level[] = []
  let owner: Entry | undefined
  for (const key of op.path) {
    const entries = entriesBelow(target.text, owner)
    if (entries === undefined) return undefined
    levels.push({ owner, entries })
    owner = entries.find((entry) => entry.key === key)
    if (owner === undefined) return insertEntry(target, op, levels)
  }
  return { state: 'present' }
}

/** The entries at the least indentation, all of which have to be of one form. */
function entriesBelow(text: string, owner: Entry | undefined): readonly Entry[] | undefined {
  const from = owner === undefined ? 0 : nextLine(text, owner.start)
  const limit = owner?.end ?? text.length
  const inside = text.slice(from, limit)
  const indent = owner === undefined ? '' : (/^( +)[^\s#]/m.exec(inside)?.[1] ?? '')
  if (owner !== undefined && indent.length <= owner.indent.length) return undefined
  const lines = [...inside.matchAll(new RegExp(`^${indent}[^\\s#].*$`, 'gm'))]
  const entries = lines.flatMap(({ index, 0: line }, i) => {
    const key = /^([\w.-]+):(?: |$)/.exec(line.slice(indent.length))?.[1]
    const start = from + index
    const below = lines[i + 1]
    const end = contentEnd(text, start, below === undefined ? limit : from + below.index, indent)
    return key === undefined ? [] : [{ key, value: undefined, start, end, indent }]
  })
  return entries.length === lines.length && entries.length > 0 ? entries : undefined
}
