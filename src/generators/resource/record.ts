import { RefusedError } from '../../errors.ts'
import type { Json } from '../../model/op.ts'
import type { UnitHead } from '../../model/unit.ts'
import type { Names } from '../../options/names.ts'
import { type Part, parts } from './parts.ts'

/** What is recorded of a resource: enough to make the same bytes again. */
export interface ResourceRecord {
  readonly fields: readonly string[]
  readonly parts: readonly Part[]
  /** The plural in kebab-case. */
  readonly plural: string
  readonly public: boolean
  /** The stamp of its migration. */
  readonly stamp: string
}

/** The record as the arguments of a unit. */
export function toArgs(record: ResourceRecord): { readonly [key: string]: Json } {
  return { ...record, fields: [...record.fields], parts: [...record.parts] }
}

/** The record in a unit that was generated before. */
export function readRecord({ args }: UnitHead): ResourceRecord {
  const { fields, parts: recorded, plural, public: isPublic, stamp } = args
  return {
    fields: Array.isArray(fields) ? fields.map(String) : [],
    parts: Array.isArray(recorded) ? parts.filter((part) => recorded.includes(part)) : [],
    plural: String(plural),
    public: isPublic === true,
    stamp: String(stamp),
  }
}

/**
 * Refuses to generate a resource again as another one: its migration may have run.
 * @throws {RefusedError} with what differs
 */
export function refuseDifferent(
  name: string,
  before: ResourceRecord,
  asked: Pick<ResourceRecord, 'fields' | 'plural' | 'public'>,
): void {
  const was = before.fields.join(' ')
  if (asked.fields.join(' ') !== was) {
    refuse(`${name} is there with other fields: ${was || 'none'}.`, [
      `To begin anew: create-service destroy resource ${name}, then generate it again.`,
    ])
  }
  if (asked.plural !== before.plural) {
    refuse(`${name} is there with the plural ${before.plural}.`, [
      `Leave --plural out, or begin anew: create-service destroy resource ${name}`,
    ])
  }
  if (asked.public && !before.public && before.parts.includes('router')) {
    refuse(`The routes of ${name} are there without --public.`, [
      'Remove `access` from `read` and `write` in its routes file.',
    ])
  }
}

function refuse(message: string, hint: readonly string[]): never {
  throw new RefusedError([{ code: 'UNIT_DIFFERS', message, hint: hint.join('\n') }])
}

/** Refuses a plural that belongs to another resource: the two would share folder, table and URL. */
export function refuseTaken({ kebab, kebabPlural }: Names, names: readonly string[]): void {
  const other = names.find((name) => name.endsWith('.model.ts') && name !== `${kebab}.model.ts`)
  if (other === undefined) return
  throw new RefusedError([
    {
      code: 'NAME_TAKEN',
      file: `src/resources/${kebabPlural}/${other}`,
      message: `${kebabPlural} is the plural of another resource, ${other.replace('.model.ts', '')}.`,
      hint: 'Choose another plural with --plural <word>.',
    },
  ])
}
