import fc from 'fast-check'
import { describe, expect, inject, it } from 'vitest'
import { PIIMasker } from '../../templates/service/src/observability/pii-masker.ts'
import { runs } from '../support/effort.ts'
import { negatives } from './lookalikes.ts'
import { positives } from './personal-data.ts'
import { places } from './places.ts'

const masker = new PIIMasker()
const seed = inject('seed')
const place = fc.constantFrom(...Object.keys(places))

describe('generated personal data', () => {
  const numRuns = runs('personal data of each type', { quick: 400, full: 5_000 })

  it.each(Object.entries(positives))('masks each %s wherever it is found', (_type, specimens) => {
    fc.assert(
      fc.property(specimens, place, ({ input, expected }, name) => {
        const put = places[name] as (text: string) => string
        const masked = masker.mask(put(input))
        expect(masked).toBe(put(expected))
        expect(masker.mask(masked)).toBe(masked)
      }),
      { seed, numRuns },
    )
  })
})

describe('what only looks like personal data', () => {
  const numRuns = runs('lookalikes of each type', { quick: 100, full: 2_000 })

  it.each(Object.entries(negatives))('leaves each %s as it is', (_type, texts) => {
    fc.assert(
      fc.property(texts, place, (text, name) => {
        const whole = (places[name] as (text: string) => string)(text)
        expect(masker.mask(whole)).toBe(whole)
      }),
      { seed, numRuns },
    )
  })
})
