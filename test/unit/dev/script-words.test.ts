import { describe, expect, it } from 'vitest'
import { commandsIn } from '../../../src/dev/tools/script-words.ts'

const files = ['test/a.test.js', 'test/b.test.js', 'test/deep/c.test.js', 'src/a.js', 'src.js']

/** Every command as its words in brackets. */
function read(script: string): string | undefined {
  return commandsIn(script, () => files)
    ?.map(({ assignments, program, args }) => [...assignments, program, ...args].join('|'))
    .join(' && ')
}

describe('the words of a script', () => {
  it.each([
    ['eslint src --ext .ts', 'eslint|src|--ext|.ts'],
    ['  jest   --config x ', 'jest|--config|x'],
    ['eslint "src dir" \'a b\'', 'eslint|src dir|a b'],
    ['jest --grep="it\'s"', "jest|--grep=it's"],
    ['prettier --check "**/*.ts"', 'prettier|--check|**/*.ts'],
    ['tsc && node --test', 'tsc && node|--test'],
    ['A=1 B=x jest -i', 'A=1|B=x|jest|-i'],
  ])('of %s', (script, expected) => {
    expect(read(script)).toBe(expected)
  })

  it.each([
    ['node --test test/*.test.js', 'node|--test|test/a.test.js|test/b.test.js'],
    ['node --test ./test/?.test.js', 'node|--test|test/a.test.js|test/b.test.js'],
    ['node --test test/**/*.test.js', 'node|--test|test/deep/c.test.js'],
    ['eslint s*', 'eslint|src|src.js'],
    ['eslint test/*', 'eslint|test/a.test.js|test/b.test.js|test/deep'],
    ['node --test lib/*.js', 'node|--test|lib/*.js'],
    ['node --test "test/*.test.js"', 'node|--test|test/*.test.js'],
  ])('with the files that a shell would find: %s', (script, expected) => {
    expect(read(script)).toBe(expected)
  })

  it.each([
    'jest | tee log',
    'jest; tsc',
    'jest & tsc',
    'jest > log',
    'jest $FLAGS',
    'jest "$FLAGS"',
    'jest `flags`',
    'jest {a,b}',
    'jest ~/x',
    'jest [ab]',
    'jest a\\ b',
    'jest "a && b',
    "jest 'a",
    '(jest)',
    'jest &&',
    'A=1',
    '',
  ])('are left to a shell where it takes one: %s', (script) => {
    expect(read(script)).toBeUndefined()
  })
})
