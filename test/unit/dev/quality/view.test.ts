import { Chalk } from 'chalk'
import { describe, expect, it } from 'vitest'
import {
  annotations,
  fileInWorkspace,
  quoted,
  stepSummary,
} from '../../../../src/cli/dev/quality-github.ts'
import { qualityDocument } from '../../../../src/cli/dev/quality-json.ts'
import { openLive } from '../../../../src/cli/dev/quality-live.ts'
import { share } from '../../../../src/cli/dev/quality-share.ts'
import { summaryLines } from '../../../../src/cli/dev/quality-summary.ts'
import { rowLine } from '../../../../src/cli/dev/quality-table.ts'
import type { Finding } from '../../../../src/dev/quality/finding.ts'
import type { Result } from '../../../../src/dev/quality/quality.ts'

const colors = new Chalk({ level: 0 })

function result(name: Result['name'], change: Partial<Result> = {}): Result {
  return {
    ...{ name, outcome: 'passed', exitCode: 0, seconds: 1.25, command: `${name} now` },
    ...{ findings: [], output: '' },
    ...change,
  }
}

const far: Finding = {
  file: 'test/integration/database-plugin.test.ts',
  line: 123,
  column: 45,
  message: 'says why it cannot reach the database: expected 1 to be 2',
}

const results = [
  result('lint', {
    outcome: 'failed',
    exitCode: 1,
    findings: [
      { file: 'src/a.ts', line: 4, column: 22, message: 'Unexpected any.', rule: 'noAny' },
    ],
  }),
  result('format'),
  result('typecheck', {
    outcome: 'skipped',
    exitCode: null,
    seconds: 0,
    message: 'No TypeScript. Add it.',
  }),
  result('test', {
    outcome: 'failed',
    exitCode: 1,
    seconds: 61.04,
    note: '1 failed, 412 passed',
    findings: [far],
  }),
]

const summary = (width: number | undefined, some = results, fix = false) =>
  summaryLines({ results: some, seconds: 61.5, fix }, { colors, width })

describe('the table', () => {
  it('says how each check ended, where the faults are and what to do', () => {
    expect(summary(undefined)).toEqual([
      '',
      '✗ lint      failed       1.3 s',
      '✓ format    passed       1.3 s',
      '- typecheck skipped',
      '✗ test      failed      61.0 s  1 failed, 412 passed',
      '✗ total     failed      61.5 s',
      '',
      'typecheck: No TypeScript. Add it.',
      '',
      'lint',
      '  src/a.ts:4:22 Unexpected any. (noAny)',
      'test',
      '  test/integration/database-plugin.test.ts:123:45 says why it cannot reach the database: expected 1 to be 2',
      '',
      'To fix lint automatically:',
      '  create-service dev quality --fix',
    ])
  })

  it('fits 40 columns and keeps the end of a place, where its line is', () => {
    const lines = summary(40)
    expect(lines.slice(0, 4).concat(lines.slice(8, -3))).toEqual([
      '',
      '✗ lint      failed       1.3 s',
      '✓ format    passed       1.3 s',
      '- typecheck skipped',
      '',
      'lint',
      '  src/a.ts:4:22 Unexpected any. (noAny)',
      'test',
      '  …ration/database-plugin.test.ts:123:45',
      '    says why it cannot reach the databa…',
    ])
    expect(lines[4]).toBe('✗ test      failed      61.0 s  1 faile…')
  })

  it('uses 120 columns', () => {
    const [long] = summary(120).filter((line) => line.includes('database-plugin'))
    expect(long).toContain(':123:45 says why')
    expect(Math.max(...summary(120).map(({ length }) => length))).toBeLessThanOrEqual(120)
  })

  it('shows twenty places at most, of every check some', () => {
    const many = Array.from({ length: 30 }, (_, line) => ({ ...far, line }))
    const lines = summary(undefined, [
      result('lint', { outcome: 'failed', findings: many }),
      ...results.slice(3),
    ])
    expect(lines.filter((line) => line.startsWith('  test/')).length).toBe(20)
    expect(lines).toContain('  … and 11 more')
  })

  it('says after --fix what is left', () => {
    expect(summary(undefined, results, true).slice(-2)).toEqual([
      'Everything that could be fixed is fixed.',
      'Left: lint, test.',
    ])
  })

  it('shows what runs and what waits', () => {
    const look = { colors, width: 40 }
    expect(rowLine({ name: 'test', state: 'running', seconds: 2 }, { ...look, frame: 0 })).toBe(
      '⠋ test      running      2.0 s',
    )
    expect(rowLine({ name: 'test', state: 'running', seconds: 2 }, { ...look, frame: 11 })).toMatch(
      /^⠙/,
    )
    expect(rowLine({ name: 'test', state: 'waiting', seconds: undefined }, look)).toBe(
      '  test      waiting',
    )
  })
})

describe('the live lines', () => {
  it('are drawn in place, make way for what is printed, and go', () => {
    let text = ''
    const live = openLive({
      write: (more) => {
        text += more
      },
      lines: () => ['one', 'two'],
    })
    live.draw()
    live.above(() => {
      text += 'printed\n'
    })
    live.end()
    const up = '\u001B[2A\r\u001B[J'
    expect(text).toBe(`one\ntwo\n${up}printed\none\ntwo\n${up}`)
  })
})

describe('the document', () => {
  it('has every check and not what it printed', () => {
    expect(qualityDocument(results, 61.5)).toMatchObject({
      command: 'dev quality',
      outcome: 'failed',
      seconds: 61.5,
      checks: [
        {
          name: 'lint',
          outcome: 'failed',
          exitCode: 1,
          command: 'lint now',
          findings: [{ line: 4 }],
        },
        { name: 'format', outcome: 'passed', exitCode: 0, seconds: 1.25, findings: [] },
        {
          name: 'typecheck',
          outcome: 'skipped',
          exitCode: null,
          message: 'No TypeScript. Add it.',
        },
        { name: 'test', note: '1 failed, 412 passed' },
      ],
    })
    expect(JSON.stringify(qualityDocument(results, 1))).not.toContain('"output"')
  })
})

describe('what GitHub is told', () => {
  const same = (file: string) => file

  it('is an error beside the line, escaped', () => {
    const finding = {
      file: 'a,b:c.ts',
      line: 1,
      column: 2,
      message: '100% wrong\nreally: yes',
      rule: 'r',
    }
    const [line] = annotations([result('lint', { outcome: 'failed', findings: [finding] })], same)
    expect(line).toBe(
      '::error file=a%2Cb%3Ac.ts,line=1,col=2,title=lint::100%25 wrong%0Areally: yes (r)',
    )
  })

  it('is an error without a place where there is none', () => {
    expect(
      annotations([result('test', { outcome: 'failed', exitCode: 3 }), result('lint')], same),
    ).toEqual(['::error title=test::test ended with 3.'])
  })

  it('is ten errors at most, of every check some', () => {
    const many = Array.from({ length: 30 }, (_, line) => ({ ...far, line }))
    const lines = annotations(
      [result('lint', { outcome: 'failed', findings: many }), ...results.slice(3)],
      same,
    )
    expect(lines).toHaveLength(10)
    expect(lines.at(-1)).toContain('title=test')
  })

  it('names files as the repository has them', () => {
    expect(fileInWorkspace('/repo/apps/api', '/repo')('src/a.ts')).toBe('apps/api/src/a.ts')
    expect(fileInWorkspace('/repo/apps/api', undefined)('src/a.ts')).toBe('src/a.ts')
    expect(fileInWorkspace('/else', '/repo')('src/a.ts')).toBe('src/a.ts')
  })

  it('takes no command from what a tool printed', () => {
    expect(quoted('::error::x\n\nsrc/a.ts(1,1): error TS1: no\n', 'token')).toBe(
      '::stop-commands::token\n ::error::x\n\n src/a.ts(1,1): error TS1: no\n::token::\n',
    )
  })

  it('is a page with a table and the places', () => {
    const page = stepSummary(
      [result('lint', { outcome: 'failed', findings: [{ ...far, message: 'a|b <i>' }] })],
      2,
    )
    expect(page).toContain('| lint | ❌ failed | 1.3 s |  |')
    expect(page).toContain('| total | failed | 2.0 s |  |')
    expect(page).toContain('- `test/integration/database-plugin.test.ts:123` a\\|b \\<i\\>')
  })
})

describe('a limit', () => {
  it('is shared so that the longest list yields first', () => {
    expect(share([[1, 2, 3, 4], [5], [6, 7]], 5)).toEqual([[1, 2], [5], [6, 7]])
    expect(share([[1], [2]], 5)).toEqual([[1], [2]])
  })
})

describe('a place of which only the file is known', () => {
  const some = [
    result('format', {
      ...{ outcome: 'failed', exitCode: 1 },
      findings: [{ file: 'src/b.js', message: 'The formatting differs.' }],
    }),
  ]

  it('has no line anywhere', () => {
    expect(summary(undefined, some)).toContain('  src/b.js The formatting differs.')
    expect(annotations(some, (file) => file)).toEqual([
      '::error file=src/b.js,title=format::The formatting differs.',
    ])
    expect(stepSummary(some, 1)).toContain('- `src/b.js` The formatting differs.')
    expect(qualityDocument(some, 1).checks[0]?.findings).toEqual([
      { file: 'src/b.js', message: 'The formatting differs.' },
    ])
  })
})
