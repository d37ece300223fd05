import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callOf, projectWith } from '../../support/recorded.ts'
import { run } from '../../support/run.ts'
import { writeTree } from '../../support/tree.ts'

describe('dev with the tools of a project', () => {
  it.each([
    ['lint', 'eslint', 'eslint', ['.']],
    ['lint --fix', 'eslint', 'eslint', ['.', '--fix']],
    [
      'lint --fix -- --quiet --fix-type layout',
      'eslint',
      'eslint',
      ['.', '--fix', '--quiet', '--fix-type', 'layout'],
    ],
    ['lint --watch', '@biomejs/biome', 'biome', ['lint', '.', '--watch']],
    ['format', 'prettier', 'prettier', ['.', '--write']],
    ['format --check -- --no-config', 'prettier', 'prettier', ['.', '--check', '--no-config']],
    ['test', 'jest', 'jest', []],
    ['test tests/api -- --shard=1/2', 'jest', 'jest', ['tests/api/', '--shard=1/2']],
    ['test tests/unit/../api', 'jest', 'jest', ['tests/api/']],
    ['test .', 'jest', 'jest', []],
    ['test -m unit --mark api', 'jest', 'jest', ['tests/unit/', 'tests/api/']],
    ['test -m unit -m unit', 'jest', 'jest', ['tests/unit/']],
    ['test -x -v -k name', 'jest', 'jest', ['--testNamePattern=name', '--bail', '--verbose']],
    [
      'test --failfast --verbose --keyword name',
      'jest',
      'jest',
      ['--testNamePattern=name', '--bail', '--verbose'],
    ],
    ['test --watch', 'jest', 'jest', ['--watchAll']],
    [
      'test --html',
      'jest',
      'jest',
      [
        '--coverage',
        '--coverageReporters=text',
        '--coverageReporters=html',
        '--coverageDirectory=coverage',
      ],
    ],
    ['run jest --json -x -- --help', 'jest', 'jest', ['--json', '-x', '--', '--help']],
    ['run -- jest --version', 'jest', 'jest', ['--version']],
  ])('%s', async (line, dependency, program, argv) => {
    const root = projectWith([dependency], program)
    expect(await run(root, ['dev', ...line.split(' ')])).toMatchObject({ code: 0 })
    expect(callOf(root)).toMatchObject({ argv, cwd: root })
  })

  it('gives the exit code of the tool', async () => {
    const root = projectWith(['eslint'], 'eslint', 7)
    expect(await run(root, ['dev', 'lint'])).toEqual({ code: 7, out: '', err: '' })
    expect(await run(root, ['dev', 'run', 'eslint'])).toEqual({ code: 7, out: '', err: '' })
  })

  it('prints one document with --json', async () => {
    const root = projectWith(['eslint'], 'eslint', 7)
    const { code, out } = await run(root, ['dev', 'lint', '--json'])
    expect(code).toBe(7)
    expect(JSON.parse(out)).toEqual({
      command: 'dev lint',
      tool: 'ESLint',
      exitCode: 7,
      seconds: 0,
    })
  })

  it('does the same for a program', async () => {
    const root = projectWith([], 'eslint', 7)
    const { out } = await run(root, ['dev', 'run', '--json', 'eslint', '--fix'])
    expect(JSON.parse(out)).toEqual({ command: 'dev run', tool: 'eslint', exitCode: 7, seconds: 0 })
  })

  it('says with --debug what it runs', async () => {
    const root = projectWith(['jest'], 'jest')
    const { err } = await run(root, ['dev', 'test', '-k', 'a b', '--debug'])
    expect(err).toBe("jest '--testNamePattern=a b'\n")
  })

  it('has no colours where there is no terminal, unless they are asked for', async () => {
    const root = projectWith(['eslint'], 'eslint')
    const forced = { env: { FORCE_COLOR: '1' } }
    const plain = async (...[argv, settings]: [string[], typeof forced?]) => {
      await run(root, ['dev', 'lint', ...argv], settings)
      return callOf(root).plain
    }
    expect(await plain([])).toBe('1')
    expect(await plain([], forced)).toBeUndefined()
    expect(await plain(['--no-color'], forced)).toBe('1')
  })

  it('takes paths from where the user is, and runs in the root', async () => {
    const root = projectWith(['jest'], 'jest')
    await run(join(root, 'tests'), ['dev', 'test', 'unit/a.test.js'])
    expect(callOf(root)).toMatchObject({ argv: ['tests/unit/a.test.js'], cwd: root })
    await run('/', ['dev', 'test', 'api', '--cwd', join(root, 'tests')])
    expect(callOf(root)).toMatchObject({ argv: ['tests/api/'], cwd: root })
  })

  it('runs a program where the user is', async () => {
    const root = projectWith(['jest'], 'jest')
    await run(join(root, 'tests'), ['dev', 'run', 'jest', 'unit'])
    expect(callOf(root)).toMatchObject({ argv: ['unit'], cwd: join(root, 'tests') })
  })

  it('says that a part of the tests says nothing about thresholds', async () => {
    const root = projectWith(['jest'], 'jest')
    const said = "Only some tests run, so coverage thresholds aren't checked.\n"
    expect((await run(root, ['dev', 'test', '--coverage', '-m', 'unit'])).err).toBe(said)
    expect((await run(root, ['dev', 'test', '--coverage', '-m', 'unit', '-q'])).err).toBe('')
    expect((await run(root, ['dev', 'test', '--coverage'])).err).toBe('')
    expect((await run(root, ['dev', 'test', '-m', 'unit'])).err).toBe('')
  })

  it('says where the HTML report is', async () => {
    const root = projectWith(['jest'], 'jest')
    expect((await run(root, ['dev', 'test', '--html'])).out).toBe('')
    writeTree(root, { 'coverage/index.html': '' })
    const here = await run(root, ['dev', 'test', '--html'])
    expect(here.out).toBe('HTML report: coverage/index.html\n')
    const below = await run(join(root, 'tests'), ['dev', 'test', '--html'])
    expect(below.out).toBe('HTML report: ../coverage/index.html\n')
    const json = await run(root, ['dev', 'test', '--html', '--json'])
    expect(JSON.parse(json.out)).toMatchObject({ command: 'dev test', exitCode: 0 })
    expect(json.err).toContain('HTML report: coverage/index.html\n')
  })
})
