import { describe, expect, it } from 'vitest'
import type { Facts } from '../../../../src/dev/facts.ts'
import { checkEnvironment, checksOf } from '../../../../src/dev/quality/check.ts'
import { UserError } from '../../../../src/errors.ts'
import { notInstalled } from '../../../../src/system/not-started.ts'

const tools = { '@biomejs/biome': '2', typescript: '7', vitest: '4' }

function facts(devDependencies: Record<string, string>, isService = true): Facts {
  const level = { folder: '/p', package: { devDependencies }, names: ['tsconfig.json', 'test'] }
  return {
    root: '/p',
    isService,
    features: [],
    packageManager: 'npm',
    levels: [level],
    sources: [],
    isSolution: false,
  }
}

const found = { installed: <T>(command: T) => command }

function words(project: Facts, choice: { fix: boolean; color: boolean }): readonly string[] {
  return checksOf(project, { ...choice, ...found }).map(({ name, command }) =>
    command instanceof UserError
      ? `${name}: ${command.code}`
      : `${name}: ${command.program} ${command.args.join(' ')}`,
  )
}

describe('the checks of a project', () => {
  it('are lint, format, typecheck and test, without colours', () => {
    expect(words(facts(tools), { fix: false, color: false })).toEqual([
      'lint: biome check --formatter-enabled=false --error-on-warnings --colors=off',
      'format: biome format --colors=off',
      'typecheck: tsc --noEmit --pretty false',
      expect.stringMatching(/^test: vitest run --project default/),
    ])
  })

  it('write where that is asked for, and have colours where those are seen', () => {
    const [lint, format, typecheck] = words(facts(tools), { fix: true, color: true })
    expect(lint).toContain('--write')
    expect(lint).toContain('--colors=force')
    expect(format).toContain('--write')
    expect(typecheck).toBe('typecheck: tsc --noEmit --pretty true')
    const writing = (fix: boolean) =>
      checksOf(facts(tools), { fix, color: false, ...found }).map(({ writes }) => writes)
    expect(writing(true)).toEqual([true, true, false, false])
    expect(writing(false)).toEqual([false, false, false, false])
  })

  it('say what a project has no tool for', () => {
    expect(words(facts({ vitest: '4' }, false), { fix: false, color: false })).toEqual([
      'lint: NO_TOOL',
      'format: NO_TOOL',
      'typecheck: NO_TOOL',
      'test: vitest run',
    ])
  })

  it('say what is not installed', () => {
    const installed = () => {
      throw notInstalled('biome', 'npm install')
    }
    const [lint] = checksOf(facts(tools), { fix: false, color: false, installed })
    expect(lint?.command).toMatchObject({ code: 'NOT_INSTALLED' })
  })

  it('have an environment in which tools leave GitHub to this program', () => {
    expect(checkEnvironment(false)).toEqual({
      FORCE_COLOR: undefined,
      NO_COLOR: '1',
      GITHUB_ACTIONS: undefined,
      GITHUB_STEP_SUMMARY: undefined,
    })
    expect(checkEnvironment(true)).toMatchObject({ FORCE_COLOR: '1', NO_COLOR: undefined })
  })
})
