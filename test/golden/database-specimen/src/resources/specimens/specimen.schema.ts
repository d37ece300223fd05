import { type Static, Type } from 'typebox'
import {
  bigint,
  date,
  decimal,
  int,
  json,
  nullable,
  oneOf,
  timestamp,
  uuid,
} from '../../db/json-types.ts'
import { listQuery } from '../../db/list.ts'
import { specimens as table } from './specimen.model.ts'

const strict = { additionalProperties: false }

const fields = {
  title: Type.String({ minLength: 1, maxLength: 255 }),
  code: Type.String({ minLength: 1, maxLength: 40 }),
  body: nullable(Type.String()),
  qty: int(),
  views: bigint(),
  maybeViews: nullable(bigint()),
  ratio: Type.Number(),
  price: decimal(10, 2),
  active: Type.Boolean(),
  born: nullable(date()),
  seenAt: timestamp(),
  startsAt: timestamp(),
  key: uuid(),
  meta: json(),
  status: oneOf(table.status),
  tags: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: 100 }),
  labels: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), { maxItems: 100 }),
  counts: nullable(Type.Array(int(), { maxItems: 100 })),
  moments: Type.Array(timestamp(), { maxItems: 100 }),
  rank: Type.Number(),
  total: bigint(),
  fee: decimal(12, 4),
  due: date(),
  heldAt: timestamp(),
  note: Type.String({ maxLength: 650 }),
  ratios: nullable(Type.Array(Type.Number(), { maxItems: 100 })),
  totals: nullable(Type.Array(bigint(), { maxItems: 100 })),
  fees: nullable(Type.Array(decimal(5, 3), { maxItems: 100 })),
  flags: nullable(Type.Array(Type.Boolean(), { maxItems: 100 })),
  days: nullable(Type.Array(date(), { maxItems: 100 })),
  keys: nullable(Type.Array(uuid(), { maxItems: 100 })),
  states: nullable(Type.Array(oneOf(table.states), { maxItems: 100 })),
}

/** Every field that clients write. */
export const SpecimenBase = Type.Object(fields, strict)

/** The body of POST and PUT. Omitted fields get their default, or null. */
export const SpecimenCreate = Type.Object(
  {
    ...fields,
    body: Type.Optional(fields.body),
    qty: Type.Optional(fields.qty),
    views: Type.Optional(fields.views),
    maybeViews: Type.Optional(fields.maybeViews),
    ratio: Type.Optional(fields.ratio),
    price: Type.Optional(fields.price),
    active: Type.Optional(fields.active),
    born: Type.Optional(fields.born),
    seenAt: Type.Optional(fields.seenAt),
    startsAt: Type.Optional(fields.startsAt),
    status: Type.Optional(fields.status),
    labels: Type.Optional(fields.labels),
    counts: Type.Optional(fields.counts),
    rank: Type.Optional(fields.rank),
    total: Type.Optional(fields.total),
    fee: Type.Optional(fields.fee),
    due: Type.Optional(fields.due),
    heldAt: Type.Optional(fields.heldAt),
    note: Type.Optional(fields.note),
    ratios: Type.Optional(fields.ratios),
    totals: Type.Optional(fields.totals),
    fees: Type.Optional(fields.fees),
    flags: Type.Optional(fields.flags),
    days: Type.Optional(fields.days),
    keys: Type.Optional(fields.keys),
    states: Type.Optional(fields.states),
  },
  strict,
)
export type SpecimenCreate = Static<typeof SpecimenCreate>

/** The body of PATCH: at least one field. */
export const SpecimenUpdate = Type.Partial(SpecimenBase, { ...strict, minProperties: 1 })
export type SpecimenUpdate = Static<typeof SpecimenUpdate>

/** A specimen in responses. */
export const Specimen = Type.Object(
  { id: uuid(), ...fields, createdAt: timestamp(), updatedAt: timestamp() },
  { $id: 'Specimen' },
)

/** The query of a list: page, order and filters. */
export const SpecimenQuery = Type.Object(
  {
    ...listQuery([
      'id',
      'createdAt',
      'code',
      'qty',
      'key',
      'rank',
      'total',
      'fee',
      'due',
      'heldAt',
      'note',
    ]),
    code: Type.Optional(fields.code),
    qty: Type.Optional(fields.qty),
    active: Type.Optional(fields.active),
    key: Type.Optional(fields.key),
    status: Type.Optional(fields.status),
    rank: Type.Optional(fields.rank),
    total: Type.Optional(fields.total),
    fee: Type.Optional(fields.fee),
    due: Type.Optional(fields.due),
    heldAt: Type.Optional(fields.heldAt),
    note: Type.Optional(fields.note),
  },
  strict,
)
export type SpecimenQuery = Static<typeof SpecimenQuery>
