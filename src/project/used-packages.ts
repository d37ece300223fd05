import type { Unit } from '../model/unit.ts'
import { searchedSources } from './sources.ts'

/** The packages that a unit asked for and that other files of the project name by now. */
export function usedPackages(root: string, { edits, files }: Unit): readonly string[] {
  const asked = edits.flatMap(({ op }) =>
    op.op === 'ensureJson' && /^(?:dev)?dependencies$/i.test(op.path[0] ?? '')
      ? (op.path[1] ?? [])
      : [],
  )
  if (asked.length === 0) return []
  const others = searchedSources(root).filter(({ path }) => files[path] === undefined)
  return asked.filter((name) => others.some(({ text }) => text.includes(name)))
}
