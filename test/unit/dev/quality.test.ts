import { describe, expect, it } from 'vitest'
import { quality, qualityCode } from '../../../src/dev/quality.ts'

const now = () => new Date(0)

async function codesWith(exitCodes: readonly number[]) {
  const codes = [...exitCodes]
  const started: string[] = []
  const results = await quality('/app', {
    now,
    run: async () => codes.shift() ?? 0,
    started: (name) => started.push(name),
  })
  return { started, code: qualityCode(results) }
}

describe('quality', () => {
  it('runs every check, also after one has failed', async () => {
    expect(await codesWith([1, 0, 2, 0])).toEqual({
      started: ['lint', 'format', 'typecheck', 'test'],
      code: 1,
    })
  })

  it('passes when all pass', async () => {
    expect((await codesWith([0, 0, 0, 0])).code).toBe(0)
  })

  it('ends where it is cancelled', async () => {
    expect(await codesWith([0, 130])).toEqual({ started: ['lint', 'format'], code: 130 })
  })
})
