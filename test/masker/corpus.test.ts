import { describe, expect, it } from 'vitest'
import { PIIMasker } from '../../templates/service/src/observability/pii-masker.ts'
import corpus from '../service/support/pii-corpus.json' with { type: 'json' }

interface Case {
  readonly type: string
  readonly input: unknown
  /** Left out where nothing is masked. */
  readonly expected?: unknown
}

describe('the corpus of personal data', () => {
  const masker = new PIIMasker()

  it.each(corpus as readonly Case[])('$type: $input', ({ input, expected = input }) => {
    expect(masker.mask(input)).toEqual(expected)
    expect(masker.mask(expected)).toEqual(expected)
  })
})
