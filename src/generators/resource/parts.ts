import { RefusedError } from '../../errors.ts'

/** What a resource consists of, in the order in which one part needs another. */
export const parts = ['model', 'schema', 'crud', 'router', 'tests'] as const

export type Part = (typeof parts)[number]

const needs: Readonly<Record<Part, readonly Part[]>> = {
  model: [],
  schema: ['model'],
  crud: ['model', 'schema'],
  router: ['schema', 'crud'],
  tests: ['model', 'schema', 'router'],
}

/**
 * The parts that a resource has afterwards: those from before, and the asked ones, or all if none
 * is asked for.
 * @throws {RefusedError} when a part would stand without what it is built on
 */
export function partsOf(
  asked: readonly Part[],
  before: readonly Part[],
  all: readonly Part[] = parts,
): readonly Part[] {
  const wanted = new Set(asked.length === 0 ? all : [...before, ...asked])
  const missing = new Set(
    [...wanted].flatMap((part) => needs[part]).filter((it) => !wanted.has(it)),
  )
  if (missing.size > 0) {
    const flags = parts.filter((part) => missing.has(part)).map((part) => `--${part}`)
    const built = asked.map((part) => `--${part}`).join(' ')
    throw new RefusedError([
      {
        code: 'NO_ANCHOR',
        message: `${built} builds on ${flags.join(' and ')}, which is not there.`,
        hint: `Add ${flags.join(' ')}, or leave all part flags out.`,
      },
    ])
  }
  return parts.filter((part) => wanted.has(part))
}
