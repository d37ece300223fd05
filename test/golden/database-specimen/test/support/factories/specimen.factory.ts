import { randomUUID } from 'node:crypto'
import type { SpecimenCreate as Body } from '../../../src/resources/specimens/specimen.schema.ts'

let serial = 0

/** A valid request body, with different values each time. */
export function specimenBody(changes: Partial<Body> = {}): Body {
  serial += 1
  return {
    title: `title-${serial}`,
    code: `code-${serial}`,
    body: `text-${serial}`,
    qty: serial,
    views: String(serial),
    maybeViews: String(serial),
    ratio: serial + 0.5,
    price: `${serial % 1000000}.50`,
    active: serial % 2 === 0,
    born: new Date(serial * 86_400_000).toISOString().slice(0, 10),
    seenAt: new Date(serial * 1000).toISOString(),
    startsAt: new Date(serial * 1000).toISOString(),
    key: randomUUID(),
    meta: { serial },
    status: 'draft',
    tags: [`tags-${serial}`],
    labels: [`labels-${serial}`],
    counts: [serial],
    moments: [new Date(serial * 1000).toISOString()],
    rank: serial + 0.5,
    total: String(serial),
    fee: `${serial % 1000000}.5000`,
    due: new Date(serial * 86_400_000).toISOString().slice(0, 10),
    heldAt: new Date(serial * 1000).toISOString(),
    note: `note-${serial}`,
    ratios: [serial + 0.5],
    totals: [String(serial)],
    fees: [`${serial % 100}.500`],
    flags: [serial % 2 === 0],
    days: [new Date(serial * 86_400_000).toISOString().slice(0, 10)],
    keys: [randomUUID()],
    states: ['new'],
    ...changes,
  }
}
