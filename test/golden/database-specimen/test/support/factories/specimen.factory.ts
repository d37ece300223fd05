import { randomUUID } from 'node:crypto'
import type { SpecimenCreate as Body } from '../../../src/resources/specimens/specimen.schema.ts'

let made = 0

/** The body of a request that is valid, with other values each time. */
export function specimenBody(changes: Partial<Body> = {}): Body {
  made += 1
  return {
    title: `title-${made}`,
    code: `code-${made}`,
    body: `text-${made}`,
    qty: made,
    views: String(made),
    maybeViews: String(made),
    ratio: made + 0.5,
    price: `${made % 1000000}.50`,
    active: made % 2 === 0,
    born: new Date(made * 86_400_000).toISOString().slice(0, 10),
    seenAt: new Date(made * 1000).toISOString(),
    startsAt: new Date(made * 1000).toISOString(),
    key: randomUUID(),
    meta: { made },
    status: 'draft',
    tags: [`tags-${made}`],
    labels: [`labels-${made}`],
    counts: [made],
    moments: [new Date(made * 1000).toISOString()],
    ...changes,
  }
}
