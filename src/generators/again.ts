import { RefusedError } from '../errors.ts'
import type { Json } from '../model/op.ts'
import type { UnitHead } from '../model/unit.ts'

/**
 * Refuses to generate a thing again as another one. What is not asked for means what is recorded.
 * @throws {RefusedError} with what differs
 */
export function refuseDifferent(
  before: UnitHead,
  asked: { readonly [argument: string]: Json | undefined },
): void {
  const { kind, name, args } = before
  for (const [argument, value] of Object.entries(asked)) {
    const was = args[argument] ?? null
    if (value === undefined || JSON.stringify(value) === JSON.stringify(was)) continue
    throw new RefusedError([
      {
        code: 'UNIT_DIFFERS',
        message: `The ${kind} ${name} is there with another ${argument}: ${inWords(was)}.`,
        hint: `Leave it out, or begin anew: create-service destroy ${kind} ${name}, then generate it again.`,
      },
    ])
  }
}

/** `{ after: 'cors' }` is `after cors`. */
function inWords(value: Json): string {
  if (value === null) return 'the usual one'
  if (typeof value === 'object') return Object.entries(value).flat().join(' ')
  return String(value)
}
