import { describe, expect, it } from 'vitest'
import {
  resolveTypecheck,
  type TypecheckOptions,
} from '../../../src/dev/tools/resolve-typecheck.ts'
import { foreignFacts, serviceFacts } from '../../support/facts.ts'
import { resolvedWith, type Text } from '../../support/resolved.ts'

const resolved = resolvedWith(resolveTypecheck)
const strict =
  '--strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --noImplicitOverride --noImplicitReturns --noFallthroughCasesInSwitch --noUnusedLocals --noUnusedParameters --allowUnreachableCode false --allowUnusedLabels false'

describe('dev typecheck', () => {
  it.each<[TypecheckOptions, string]>([
    [{}, 'tsc --noEmit'],
    [{ strict: true }, `tsc --noEmit ${strict}`],
    [{ rest: ['--pretty', 'false'] }, 'tsc --noEmit --pretty false'],
    [{ strict: true, rest: ['--listFiles'] }, `tsc --noEmit ${strict} --listFiles`],
  ])('in a service with %o', (options, expected) => {
    expect(resolved(serviceFacts(), options)).toBe(expected)
  })

  it.each<[Text, TypecheckOptions, string]>([
    [{ names: 'tsconfig.json' }, {}, 'tsc --noEmit'],
    [{ above: [{ names: 'tsconfig.json' }] }, {}, 'tsc --noEmit'],
    [{ names: 'jsconfig.json' }, {}, 'tsc --noEmit -p jsconfig.json'],
    [
      { names: 'tsconfig.app.json' },
      { strict: true },
      `tsc --noEmit -p tsconfig.app.json ${strict}`,
    ],
    [{ names: 'tsconfig.json', isSolution: true }, {}, 'tsc -b --noEmit'],
    [{ dev: 'typescript@^5.6.0', isSolution: true }, {}, 'tsc -b --noEmit'],
    [{ dev: 'typescript@~7', isSolution: true }, {}, 'tsc -b --noEmit'],
  ])('of %o with %o', (text, options, expected) => {
    expect(resolved(foreignFacts({ dev: 'typescript', ...text }), options)).toBe(expected)
  })

  it.each<[string, TypecheckOptions, string]>([
    ['tsc -p tsconfig.test.json', {}, 'tsc --noEmit -p tsconfig.test.json'],
    ['tsc --noEmit', { strict: true }, `tsc --noEmit ${strict}`],
    ['tsc -b', {}, 'tsc -b'],
    ['tsc -p a && tsc -p b', {}, 'npm run --silent typecheck'],
    ['tsc -w --noEmit', {}, 'tsc --noEmit'],
    ['tsc --watch true --preserveWatchOutput -p x', {}, 'tsc --noEmit -p x'],
    ['tsc -b --watch', {}, 'tsc -b'],
    ['tsc --noEmit --watch && echo done', {}, 'tsc --noEmit'],
    ['vue-tsc --noEmit', {}, 'npm run --silent typecheck'],
  ])('follows the script %s with %o', (typecheck, options, expected) => {
    const facts = foreignFacts({ dev: 'typescript', scripts: { typecheck } })
    expect(resolved(facts, options)).toBe(expected)
  })

  it.each(['type-check', 'check-types'])('follows a script that is called %s', (name) => {
    const facts = foreignFacts({ scripts: { [name]: 'tsc -p x' } })
    expect(resolved(facts, {})).toBe('tsc --noEmit -p x')
  })

  it.each<[Text, TypecheckOptions, object]>([
    [
      { dev: '' },
      {},
      {
        code: 'NO_TOOL',
        message: 'This project has no TypeScript.',
        hint: 'Add one, for example: npm install --save-dev typescript',
      },
    ],
    [{}, {}, { code: 'NO_TOOL', hint: 'Create one, for example with: npx tsc --init' }],
    [{ dev: 'typescript@~5.5.4', isSolution: true }, {}, { code: 'UNSUPPORTED' }],
    [
      { names: 'tsconfig.json', isSolution: true },
      { strict: true },
      { message: expect.stringContaining("--strict isn't available") },
    ],
    [
      { scripts: { typecheck: 'vue-tsc' } },
      { strict: true },
      { message: expect.stringContaining('how to pass --strict to it') },
    ],
  ])('says what is missing in %o with %o', (text, options, error) => {
    expect(() => resolveTypecheck(foreignFacts({ dev: 'typescript', ...text }), options)).toThrow(
      expect.objectContaining(error),
    )
  })
})
