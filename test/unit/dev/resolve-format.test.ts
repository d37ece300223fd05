import { describe, expect, it } from 'vitest'
import { type FormatOptions, resolveFormat } from '../../../src/dev/tools/resolve-format.ts'
import { foreignFacts, serviceFacts } from '../../support/facts.ts'
import { resolvedWith, type Text } from '../../support/resolved.ts'

const resolved = resolvedWith(resolveFormat)
const check = { check: true }

describe('dev format', () => {
  it.each<[FormatOptions, string]>([
    [{}, 'biome check --linter-enabled=false --write'],
    [check, 'biome format'],
    [{ check: true, rest: ['--max-diagnostics=5'] }, 'biome format --max-diagnostics=5'],
    [{ rest: ['src'] }, 'biome check --linter-enabled=false --write src'],
  ])('in a service with %o', (options, expected) => {
    expect(resolved(serviceFacts(), options)).toBe(expected)
  })

  it.each<[Text, FormatOptions, string]>([
    [{ dev: 'prettier' }, {}, 'prettier . --write'],
    [{ dev: 'prettier' }, check, 'prettier . --check'],
    [{ dev: 'prettier' }, { rest: ['--no-config'] }, 'prettier . --write --no-config'],
    [{ dev: '@biomejs/biome' }, {}, 'biome format . --write'],
    [{ dev: '@biomejs/biome' }, check, 'biome format .'],
    [{ dev: 'oxfmt' }, {}, 'oxfmt'],
    [{ dev: 'oxfmt' }, check, 'oxfmt --check'],
  ])('of %o with %o', (text, options, expected) => {
    expect(resolved(foreignFacts(text), options)).toBe(expected)
  })

  it.each<[Record<string, string>, FormatOptions, string]>([
    [{ format: 'prettier --write src' }, {}, 'prettier --write src'],
    [{ format: 'prettier --write src' }, check, 'prettier src --check'],
    [{ format: 'prettier -w src' }, check, 'prettier src --check'],
    [{ format: 'prettier --check src' }, {}, 'prettier src --write'],
    [{ 'format:check': 'prettier -l src' }, check, 'prettier -l src'],
    [{ 'format:check': 'prettier -l src' }, {}, 'prettier src --write'],
    [{ format: 'prettier -w a', 'format:check': 'prettier -c b' }, {}, 'prettier -w a'],
    [{ format: 'prettier -w a', 'format:check': 'prettier -c b' }, check, 'prettier -c b'],
    [{ 'check:format': 'prettier -c b' }, check, 'prettier -c b'],
    [{ fmt: 'oxfmt src' }, check, 'oxfmt src --check'],
    [{ 'fmt:check': 'oxfmt --check src' }, {}, 'oxfmt src'],
    [
      { 'format:check': 'biome ci --linter-enabled=false' },
      check,
      'biome ci --linter-enabled=false',
    ],
    [
      { 'format:check': 'biome ci --linter-enabled=false' },
      {},
      'biome check --linter-enabled=false --write',
    ],
    [{ format: 'biome check --write --unsafe src' }, check, 'biome check src'],
    [{ 'format:check': 'prettier --write src' }, check, 'prettier src --check'],
    [{ 'format:check': 'prettier --write src && eslint .' }, check, 'prettier src --check'],
    // More than the formatter.
    [{ format: 'prettier -w . && eslint --fix .' }, {}, 'npm run --silent format'],
    [{ format: 'prettier -w src && eslint --fix .' }, check, 'prettier src --check'],
    [
      { format: 'prettier -w a && eslint --fix .' },
      { rest: ['--no-config'] },
      'prettier -w a --no-config',
    ],
    // Another formatter.
    [{ format: 'dprint fmt' }, {}, 'npm run --silent format'],
    [
      { 'format:check': 'dprint check' },
      { check: true, rest: ['x'] },
      'npm run --silent format:check -- x',
    ],
  ])('follows the scripts %o with %o', (scripts, options, expected) => {
    expect(resolved(foreignFacts({ scripts }), options)).toBe(expected)
  })

  it('says that there is none', () => {
    expect(() => resolveFormat(foreignFacts())).toThrow(
      expect.objectContaining({ code: 'NO_TOOL', message: 'This project has no formatter.' }),
    )
  })

  it.each<[Record<string, string>, FormatOptions, object]>([
    [
      { format: 'dprint fmt' },
      check,
      {
        code: 'UNSUPPORTED',
        message: 'The script "format" runs dprint, and no script checks formatting.',
        hint: 'Add a script "format:check" that does.',
      },
    ],
    [
      { 'format:check': 'dprint check' },
      {},
      { message: 'The script "format:check" runs dprint, and no script writes formatting.' },
    ],
    [
      { format: 'prettier -w a && prettier -w b' },
      check,
      { message: expect.stringContaining('runs its tool more than once') },
    ],
  ])('says which script is missing beside %o', (scripts, options, error) => {
    expect(() => resolveFormat(foreignFacts({ scripts }), options)).toThrow(
      expect.objectContaining(error),
    )
  })
})
