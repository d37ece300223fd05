import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** How much a test tries: a part in `npm test`, everything in `npm run test:full`. */
    effort: 'quick' | 'full'
  }
}

const isFull = inject('effort') === 'full'
const seed = inject('seed')

function report(what: string, count: number | string): void {
  console.info(`${what}: ${count}, TEST_SEED=${seed}`)
}

/** How often to try a property. Printed, so that a log says what the run was worth. */
export function runs(what: string, counts: { readonly quick: number; readonly full: number }) {
  const count = isFull ? counts.full : counts.quick
  report(what, `${count} runs`)
  return count
}

/** All items in a full run. In a quick run `few` of them, spread evenly; the seed decides which. */
export function someOf<Item>(what: string, items: readonly Item[], few: number): readonly Item[] {
  if (isFull || items.length <= few) return items
  const places = Array.from({ length: few }, (_, at) => Math.floor((at * items.length) / few))
  report(what, `${few} of ${items.length}`)
  return places.map((at) => items[(seed + at) % items.length] as Item)
}

/** For a loop over every place from 1 on: all in a full run, one in `step` in a quick run. */
export function strideOf(what: string, step: number): { readonly first: number; step: number } {
  if (isFull) return { first: 1, step: 1 }
  report(what, `one place in ${step}`)
  return { first: 1 + (seed % step), step }
}
