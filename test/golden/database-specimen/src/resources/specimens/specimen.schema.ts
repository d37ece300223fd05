import { type Static, Type } from 'typebox'
import {
  bigint,
  date,
  decimal,
  int,
  json,
  nullable,
  oneOf,
  refer,
  timestamp,
  uuid,
} from '../../db/json-types.ts'
import { listQuery, pageOf } from '../../db/list-query.ts'
import { specimens as table } from './specimen.model.ts'

const strict = { additionalProperties: false }

const fields = {
  title: Type.String({ maxLength: 255 }),
  code: Type.String({ maxLength: 40 }),
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
  tags: Type.Array(Type.String({ maxLength: 255 })),
  labels: Type.Array(Type.String({ maxLength: 255 })),
  counts: nullable(Type.Array(int())),
  moments: Type.Array(timestamp()),
}

/** What a client may write. */
export const SpecimenBase = Type.Object(fields, strict)
export type SpecimenBase = Static<typeof SpecimenBase>

/** A new one, or all of one that is there: what is left out gets its default, or null. */
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
  },
  strict,
)
export type SpecimenCreate = Static<typeof SpecimenCreate>

/** What changes of one that is there. */
export const SpecimenUpdate = Type.Partial(SpecimenBase, strict)
export type SpecimenUpdate = Static<typeof SpecimenUpdate>

/** How one is stored. */
export type SpecimenRow = typeof table.$inferSelect

/** How one is answered. */
export const Specimen = Type.Object(
  { id: uuid(), ...fields, createdAt: timestamp(), updatedAt: timestamp() },
  { $id: 'Specimen' },
)
export type Specimen = Static<typeof Specimen>

/** Refers to it by name, so that the documentation describes it once. */
export const SpecimenRef = refer(Specimen)

export const SpecimenPage = pageOf(SpecimenRef)

/** Which page of a list, in which order, and its filters. */
export const SpecimenQuery = Type.Object(
  {
    ...listQuery([
      'id',
      'title',
      'code',
      'qty',
      'views',
      'ratio',
      'price',
      'active',
      'seenAt',
      'startsAt',
      'key',
      'status',
      'createdAt',
      'updatedAt',
    ]),
    code: Type.Optional(fields.code),
    qty: Type.Optional(fields.qty),
    active: Type.Optional(fields.active),
    key: Type.Optional(fields.key),
    status: Type.Optional(fields.status),
  },
  strict,
)
export type SpecimenQuery = Static<typeof SpecimenQuery>
