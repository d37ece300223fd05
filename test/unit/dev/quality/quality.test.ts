import { describe, expect, it } from 'vitest'
import type { Check } from '../../../../src/dev/quality/check.ts'
import { outcomeOf, quality } from '../../../../src/dev/quality/quality.ts'
import { UserError } from '../../../../src/errors.ts'

const names = ['lint', 'format', 'typecheck', 'test'] as const

function check(name: (typeof names)[number], change: Partial<Check> = {}): Check {
  const command = { program: name, args: ['a b'], cwd: '/p/sub' }
  return { name, writes: false, tool: undefined, command, ...change }
}

/** Runs checks whose commands end, in the order of their start, with these codes. */
async function runAll(checks: readonly Check[], codes: readonly number[], cancelledAfter = 9) {
  const log: string[] = []
  const left = [...codes]
  let runs = 0
  const results = await quality('/p', checks, {
    run: async ({ program }) => {
      log.push(`begin ${program}`)
      runs += 1
      const exitCode = left.shift() ?? 0
      await Promise.resolve()
      log.push(`end ${program}`)
      return { exitCode, output: 'src/a.ts(1,2): error TS1: no\n' }
    },
    isCancelled: () => runs >= cancelledAfter,
    now: () => new Date(0),
    started: () => {},
    ended: ({ name }) => log.push(`told ${name}`),
  })
  return { results, log, outcomes: results.map(({ outcome }) => outcome) }
}

describe('quality', () => {
  it('runs every check, also after one has failed, and beside each other', async () => {
    const { results, log, outcomes } = await runAll(
      names.map((name) => check(name)),
      [1, 0, 2, 0],
    )
    expect(outcomes).toEqual(['failed', 'passed', 'failed', 'passed'])
    expect(outcomeOf(results)).toBe('failed')
    expect(log.slice(0, 4)).toEqual(names.map((name) => `begin ${name}`))
  })

  it('passes when all pass', async () => {
    const { results } = await runAll(
      names.map((name) => check(name)),
      [],
    )
    expect(outcomeOf(results)).toBe('passed')
  })

  it('lets what writes come first and alone', async () => {
    const checks = names.map((name) =>
      check(name, { writes: name === 'lint' || name === 'format' }),
    )
    const { log } = await runAll(checks, [1])
    expect(log.slice(0, 8)).toEqual([
      ...['begin lint', 'end lint', 'told lint', 'begin format', 'end format', 'told format'],
      ...['begin typecheck', 'begin test'],
    ])
  })

  it('starts nothing once it is cancelled', async () => {
    const checks = [
      check('lint', { writes: true }),
      check('format', { writes: true }),
      check('test'),
    ]
    const { results, outcomes } = await runAll(checks, [130], 1)
    expect(outcomes).toEqual(['cancelled', 'cancelled', 'cancelled'])
    expect(results.map(({ exitCode }) => exitCode)).toEqual([130, null, null])
    expect(outcomeOf(results)).toBe('cancelled')
  })

  it('skips what the project has no tool for, and fails where it has none at all', async () => {
    const none = new UserError({ code: 'NO_TOOL', message: 'No linter.', hint: 'Add one.' })
    const { results } = await runAll([check('lint', { command: none }), check('test')], [])
    expect(results[0]).toMatchObject({ outcome: 'skipped', message: 'No linter. Add one.' })
    expect(outcomeOf(results)).toBe('passed')
    expect(outcomeOf(results.slice(0, 1))).toBe('failed')
  })

  it('fails where a tool that the project asks for is not installed', async () => {
    const absent = new UserError({ code: 'NOT_INSTALLED', message: 'Not installed.' })
    const { results } = await runAll([check('lint', { command: absent }), check('test')], [])
    expect(results[0]).toMatchObject({ outcome: 'failed', exitCode: null })
    expect(outcomeOf(results)).toBe('failed')
  })

  it('fails where a program cannot be started, and goes on with the others', async () => {
    const over: string[] = []
    const results = await quality('/p', [check('lint'), check('test')], {
      ...{ isCancelled: () => false, now: () => new Date(0), started: () => {} },
      run: async ({ program }) => {
        if (program === 'lint') throw new UserError({ code: 'NOT_STARTED', message: 'No.' })
        await new Promise((resolve) => setImmediate(resolve))
        over.push(program)
        return { exitCode: 0, output: '' }
      },
      ended: ({ name }) => over.push(`told ${name}`),
    })
    expect(results).toMatchObject([
      { outcome: 'failed', exitCode: null, message: 'No.' },
      { outcome: 'passed', exitCode: 0 },
    ])
    expect(over).toEqual(['told lint', 'test', 'told test'])
  })

  it('waits for every check before it fails for a fault of its own', async () => {
    const over: string[] = []
    const broken = quality('/p', [check('lint'), check('test')], {
      ...{ isCancelled: () => false, now: () => new Date(0), started: () => {} },
      run: async ({ program }) => {
        if (program === 'lint') throw new TypeError('a fault')
        await new Promise((resolve) => setImmediate(resolve))
        return { exitCode: 0, output: '' }
      },
      ended: ({ name }) => over.push(name),
    })
    await expect(broken).rejects.toThrow('a fault')
    expect(over).toEqual(['test'])
  })

  it('gives the places of a failed check relative to the project', async () => {
    const { results } = await runAll([check('typecheck', { tool: 'tsc' })], [2])
    expect(results[0]?.findings).toEqual([
      { file: 'sub/src/a.ts', line: 1, column: 2, message: 'no', rule: 'TS1' },
    ])
    expect(results[0]?.command).toBe("typecheck 'a b'")
  })
})
