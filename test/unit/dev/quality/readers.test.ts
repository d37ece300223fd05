import { describe, expect, it } from 'vitest'
import { readFindings, readNote } from '../../../../src/dev/quality/reading.ts'

describe('Biome', () => {
  const lint = `
src/a.ts:1:1 assist/source/organizeImports  FIXABLE  ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━

  × Sort these imports.
  
  > 1 │ import { b } from 'node:path'
    2 │ import { a } from 'node:fs'
  
src/a.ts:4:22 lint/suspicious/noExplicitAny ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━

  × Unexpected any. Specify a different type.
  
check ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━

  × Some errors were emitted while running checks.
`

  it('gives the place, the words and the rule of each fault, and none for the whole', () => {
    expect(readFindings('biome', lint)).toEqual([
      {
        file: 'src/a.ts',
        line: 1,
        column: 1,
        message: 'Sort these imports.',
        rule: 'assist/source/organizeImports',
      },
      {
        file: 'src/a.ts',
        line: 4,
        column: 22,
        message: 'Unexpected any. Specify a different type.',
        rule: 'lint/suspicious/noExplicitAny',
      },
    ])
  })

  it('gives warnings where nothing is an error, with and without colours', () => {
    const warning = lint.replaceAll('×', '!')
    const colored = warning.replaceAll('!', '\u001B[33m⚠\u001B[0m')
    expect(readFindings('biome', warning)).toHaveLength(2)
    expect(readFindings('biome', colored)).toEqual(readFindings('biome', warning))
    expect(readFindings('biome', lint.replace('×', '!'))).toHaveLength(1)
  })

  it('gives the first line of a file that is laid out otherwise', () => {
    const output = `
src/one.ts format ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━

  × Formatter would have printed the following content:
  
    1 1 │   export const one = 1
    2   │ - export·const·two···=···{a:1}
      2 │ + export·const·two·=·{·a:·1·}
    3 3 │   
  

src/two.ts format ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━

  × Formatter would have printed the following content:
  
    20 20 │   // 2
       21 │ + export·const·z0·=·1
  

src/three.ts format ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━

  × Code formatting aborted due to parsing errors. To format code with errors, enable it.
`
    const places = readFindings('biome', output).map(({ file, line }) => `${file}:${line}`)
    expect(places).toEqual(['src/one.ts:2', 'src/two.ts:21', 'src/three.ts:undefined'])
  })
})

describe('TypeScript', () => {
  it('is read in both of its layouts', () => {
    const expected = [
      {
        file: 'src/a.ts',
        line: 1,
        column: 14,
        message: "Type 'string' is not assignable to type 'number'.",
        rule: 'TS2322',
      },
    ]
    const plain = `src/a.ts(1,14): error TS2322: Type 'string' is not assignable to type 'number'.\n`
    const pretty = `\u001B[96msrc/a.ts\u001B[0m:\u001B[93m1\u001B[0m:\u001B[93m14\u001B[0m - \u001B[91merror\u001B[0m\u001B[90m TS2322: \u001B[0mType 'string' is not assignable to type 'number'.

\u001B[7m1\u001B[0m export const n: number = 'x'
\u001B[7m \u001B[0m \u001B[91m             ~\u001B[0m

Found 1 error in src/a.ts\u001B[90m:1\u001B[0m
`
    expect(readFindings('tsc', plain)).toEqual(expected)
    expect(readFindings('tsc', pretty)).toEqual(expected)
  })
})

const vitest = ` ❯ |unit| test/unit/bad.test.ts (3 tests | 2 failed | 1 skipped) 13ms
     × adds 12ms

⎯⎯⎯⎯⎯⎯ Failed Suites 1 ⎯⎯⎯⎯⎯⎯⎯

 FAIL  |unit| test/unit/broken.test.ts [ test/unit/broken.test.ts ]
Error: Cannot find module './nothing.ts' imported from /p/test/unit/broken.test.ts
 ❯ test/unit/broken.test.ts:1:1
      1| import './nothing.ts'
       | ^

⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[1/3]⎯

 FAIL  |unit| test/unit/bad.test.ts > group > adds
AssertionError: expected 2 to be 3 // Object.is equality

- Expected
+ Received

 ❯ node_modules/chai/index.js:1:2
 ❯ test/unit/bad.test.ts:9:19
      9|     expect(1 + 1).toBe(3)

⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[2/3]⎯

 FAIL  |unit| test/unit/one.test.ts > one
 FAIL  |unit| test/unit/two.test.ts > two
Error: from below
second line
 ❯ boom test/unit/support.ts:4:9
      4|   throw new Error('from below')
 ❯ test/unit/one.test.ts:11:24

⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯⎯[3/3]⎯

⎯⎯⎯⎯⎯⎯ Unhandled Errors ⎯⎯⎯⎯⎯⎯

Vitest caught 1 unhandled error during the test run.

⎯⎯⎯⎯ Unhandled Rejection ⎯⎯⎯⎯⎯
Error: late
 ❯ src/late.ts:3:7

 Test Files  2 failed | 1 passed (3)
      Tests  3 failed | 2 passed | 1 skipped (6)
`

describe('Vitest', () => {
  it('gives the place of each failure, of suites and of errors outside of tests', () => {
    const found = readFindings('vitest', vitest)
    expect(
      found.map(({ file, line, column, message }) => [`${file}:${line}:${column}`, message]),
    ).toEqual([
      [
        'test/unit/broken.test.ts:1:1',
        "Error: Cannot find module './nothing.ts' imported from /p/test/unit/broken.test.ts",
      ],
      [
        'test/unit/bad.test.ts:9:19',
        'group > adds: AssertionError: expected 2 to be 3 // Object.is equality',
      ],
      ['test/unit/support.ts:4:9', 'one: Error: from below'],
      ['test/unit/support.ts:4:9', 'two: Error: from below'],
      ['src/late.ts:3:7', 'Unhandled Rejection: Error: late'],
    ])
  })

  it('is read with the colours of its projects too', () => {
    const colored = ` FAIL  \u001B[30m\u001B[42m unit \u001B[49m\u001B[39m test/a.test.ts > adds\nError: no\n\n`
    expect(readFindings('vitest', colored)).toEqual([
      { file: 'test/a.test.ts', message: 'adds: Error: no' },
    ])
  })

  it.each(['', '|unit| ', '|my unit| ', ' my unit  '])(
    'takes spaces for a part of the path, behind the label "%s"',
    (label) => {
      const output = ` FAIL  ${label}test/my folder/a.test.ts > adds
Error: one
 ❯ test/my folder/a.test.ts:4:9

 FAIL  ${label}test/b.test.ts > group
Error: two
 ❯ process.processTicks node:internal/process/task_queues:95:5
 ❯ new Foo src/other folder/b.ts:5:1

 FAIL  ${label}my folder/c.test.ts [ my folder/c.test.ts ]
Error: three
 ❯ my folder/c.test.ts:6:2
`
      const places = readFindings('vitest', output).map(
        ({ file, line, message }) => `${file}:${line} ${message}`,
      )
      expect(places).toEqual([
        'test/my folder/a.test.ts:4 adds: Error: one',
        'src/other folder/b.ts:5 group: Error: two',
        'my folder/c.test.ts:6 Error: three',
      ])
    },
  )
})

describe('tools of other projects', () => {
  it('reads ESLint', () => {
    const output = `
/p/src/a.js
  2:3   error    Unexpected 'debugger' statement         no-debugger
  3:9   warning  'y' is assigned a value but never used  no-unused-vars

/p/src/c.js
  1:7  error  Parsing error: Unexpected token =

✖ 3 problems (2 errors, 1 warning)
`
    expect(readFindings('eslint', output)).toEqual([
      {
        file: '/p/src/a.js',
        line: 2,
        column: 3,
        message: "Unexpected 'debugger' statement",
        rule: 'no-debugger',
      },
      { file: '/p/src/c.js', line: 1, column: 7, message: 'Parsing error: Unexpected token =' },
    ])
  })

  it('reads oxlint, with and without colours', () => {
    const output = `
  x Unexpected token
   ,-[src/c.js:1:7]
 1 | const = 1
   \`----

  ! eslint(no-unused-vars): Variable 'y' is declared but never used.
   ,-[src/a.js:3:9]
   \`----

Found 1 warning and 1 error.
`
    expect(readFindings('oxlint', output)).toEqual([
      { file: 'src/c.js', line: 1, column: 7, message: 'Unexpected token' },
    ])
    const fancy =
      '\n  ⚠ eslint(no-debugger): No.\n   ╭─[\u001B[38;2;92;157;255;1msrc/a.js\u001B[0m:2:3]\n'
    expect(readFindings('oxlint', fancy)).toEqual([
      { file: 'src/a.js', line: 2, column: 3, message: 'No.', rule: 'eslint(no-debugger)' },
    ])
  })

  it('reads Prettier', () => {
    const output = `Checking formatting...
[warn] src/b.js
[error] src/c.js: SyntaxError: Unexpected token (1:7)
[error] > 1 | const = 1
[error]     |       ^
[warn] Code style issues found in the above file. Run Prettier with --write to fix.
`
    expect(readFindings('prettier', output)).toEqual([
      { file: 'src/b.js', message: 'The formatting differs.' },
      { file: 'src/c.js', line: 1, column: 7, message: 'SyntaxError: Unexpected token' },
    ])
  })

  it('reads Jest, each failure once', () => {
    const adds = `  ● group › adds

    expect(received).toBe(expected) // Object.is equality

    > 3 |     expect(1 + 1).toBe(3)
        |                   ^

      at Object.<anonymous> (node_modules/expect/index.js:1:1)
      at Object.<anonymous> (test/a.test.cjs:3:19)
`
    const output = `PASS test/b.test.cjs
  ● Console
FAIL test/a.test.cjs
  group
    ✕ adds (15 ms)

${adds}
  ● Test suite failed to run

    Unexpected token

    > 7 | require('./nothing.js')

      at Resolver._throwModNotFoundError (node_modules/jest-resolve/build/resolver.js:427:11)

Summary of all failing tests
FAIL test/a.test.cjs
${adds}
Tests:       2 failed, 1 passed, 3 total
`
    expect(readFindings('jest', output)).toEqual([
      {
        file: 'test/a.test.cjs',
        line: 3,
        column: 19,
        message: 'group › adds: expect(received).toBe(expected) // Object.is equality',
      },
      { file: 'test/a.test.cjs', line: 7, message: 'Test suite failed to run: Unexpected token' },
    ])
  })

  it.each(['FAIL ', 'FAIL my unit ', ' FAIL  ', 'FAIL  unit  ', ' FAIL   my unit  '])(
    'takes spaces for a part of the path in Jest, behind "%s"',
    (head) => {
      const output = `${head}test/my folder/a.test.js (5.1 s)
  ● adds

    no

      at Object.<anonymous> (test/my folder/(a)/a.test.js:3:19)

  ● takes

    no

      at processTicks (node:internal/process/task_queues:95:5)
      at async test/my folder/b.js:4:5

  ● tells

    no
`
      expect(readFindings('jest', output)).toEqual([
        { file: 'test/my folder/(a)/a.test.js', line: 3, column: 19, message: 'adds: no' },
        { file: 'test/my folder/b.js', line: 4, column: 5, message: 'takes: no' },
        { file: 'test/my folder/a.test.js', message: 'tells: no' },
      ])
    },
  )

  it('reads node:test', () => {
    const output = `✖ failing tests:

test at test/m.test.mjs:1:1
✖ /p/test/m.test.mjs (288.901213ms)
  'test failed'

test at test/n.test.mjs:4:3
✖ adds (4.80816ms)
  AssertionError [ERR_ASSERTION]: 2 == 3
      at TestContext.<anonymous> (file:///p/test/n.test.mjs:5:12)
      at Test.runInAsyncScope (node:async_hooks:206:9)
`
    expect(readFindings('node:test', output)).toEqual([
      { file: 'test/m.test.mjs', line: 1, column: 1, message: "/p/test/m.test.mjs: 'test failed'" },
      {
        file: 'file:///p/test/n.test.mjs',
        line: 5,
        column: 12,
        message: 'adds: AssertionError [ERR_ASSERTION]: 2 == 3',
      },
    ])
  })

  it('finds nothing in the words of a program that it does not know', () => {
    expect(readFindings(undefined, vitest)).toEqual([])
  })
})

describe('figures', () => {
  it.each([
    [vitest, '3 failed, 2 passed, 1 skipped'],
    ['      Tests  412 passed (412)\n', '412 passed'],
    ['Tests:       2 failed, 1 passed, 3 total\n', '2 failed, 1 passed'],
    ['ℹ pass 4\nℹ fail 0\n', '4 passed'],
    ['ℹ pass 1\nℹ fail 3\n', '3 failed, 1 passed'],
    ['Checked 93 files in 685ms. Fixed 2 files.\n', 'fixed 2 files'],
    ['Checked 93 files in 685ms. No fixes applied.\n', undefined],
  ])('are taken from what the tool printed', (output, note) => {
    expect(readNote(output)).toBe(note)
  })
})
