import { describe, expect, it } from 'vitest'
import { noMatch } from '../../../src/dev/test/no-match.ts'
import type { ToolId } from '../../../src/dev/tools/tool-kinds.ts'

/* What the runners print, as they print it. */

const vitest = (tests: string) => ` ↓ |unit| test/unit/cli.test.ts (11 tests | 11 skipped)

 Test Files  13 skipped (13)
      Tests  ${tests}
   Start at  18:21:26
`
const jest = (tests: string) => `Test Suites: 1 skipped, 0 of 1 total
Tests:       ${tests}
Snapshots:   0 total
Ran all test suites with tests matching "nothing".
`
const node = (line: string, pass: number, fail = 0) => `${line}
ℹ tests 2
ℹ suites 1
ℹ pass ${pass}
ℹ fail ${fail}
ℹ cancelled 0
`

describe('a run of tests by name', () => {
  it.each<[string, ToolId, string]>([
    ['Vitest', 'vitest', vitest('293 skipped (293)')],
    ['Vitest with colours', 'vitest', vitest('\u001b[2m3 skipped\u001b[22m | 1 todo (4)')],
    ['Jest', 'jest', jest('2 skipped, 2 total')],
    ['Jest without tests', 'jest', jest('0 total')],
    ['Node 20', 'node:test', node('﹣ one (0.79ms) # test name does not match pattern', 0)],
    ['Node 22', 'node:test', node('✔ test/a.test.js (104.586149ms)', 1)],
    ['Node 22 in TAP', 'node:test', 'ok 1 - /work/test/a.test.mjs\n# pass 1\n# fail 0\n'],
  ])('of %s in which none matched is a failure', (_, tool, output) => {
    expect(noMatch(tool, output, { keyword: 'no thing', marks: ['unit'] })).toMatchObject({
      code: 'NO_TESTS',
      exitCode: 1,
      message: "No test matches -m unit -k 'no thing'.",
    })
  })

  it.each<[string, ToolId | undefined, string]>([
    ['Vitest', 'vitest', vitest('6 passed | 287 skipped (293)')],
    ['Jest', 'jest', jest('1 skipped, 1 passed, 2 total')],
    ['Jest that failed', 'jest', jest('1 failed, 1 skipped, 2 total')],
    ['Node 20', 'node:test', node('✔ one (0.79ms)', 1)],
    ['Node 24', 'node:test', node('▶ group\n  ✔ two (0.23ms)\n✔ group (0.8ms)', 1)],
    ['a reporter without a summary', 'vitest', '....\n'],
    ['a runner that nobody knows', undefined, 'fine\n'],
  ])('of %s is believed otherwise', (_, tool, output) => {
    expect(noMatch(tool, output, { keyword: 'a' })).toBeUndefined()
  })

  it('is looked into only if a name was given', () => {
    expect(noMatch('jest', jest('0 total'), {})).toBeUndefined()
  })
})
