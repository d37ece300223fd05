import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectWith } from '../../support/recorded.ts'
import { run } from '../../support/run.ts'
import { createdService } from '../../support/service.ts'
import { temporaryFolder, writeTree } from '../../support/tree.ts'

describe('dev refuses', () => {
  it.each([
    ['test nowhere', 2, "nowhere doesn't exist in "],
    ['test ..', 2, ".. isn't in the project "],
    ['test -m fast', 2, 'Unknown mark: fast.\nMarks: unit, integration, api, load, chaos\n'],
    ['test -m load', 1, 'No test matches -m load'],
    ['test --watch --json', 2, "dev test --watch doesn't end"],
    ['test --nope', 2, "unknown option '--nope'"],
    ['test -k', 2, 'argument missing'],
    ['lint src', 2, "src doesn't exist in "],
    [
      'lint',
      1,
      'This project has no linter.\nAdd one, for example: npm install --save-dev @biomejs/biome\n',
    ],
    ['lint -- --json', 1, 'error This project has no linter.'],
    ['format', 1, 'This project has no formatter.'],
    ['typecheck --strict', 1, 'This project has no TypeScript.'],
    ['run', 2, "missing required argument 'program'"],
    ['run jets', 1, 'jets was found neither'],
    ['run jets', 1, 'Did you mean: create-service dev run jest\n'],
    ['run quite-another', 1, 'Install the package that provides it, or give its path.\n'],
  ])('%s with exit code %i', async (line, code, message) => {
    const root = projectWith(['jest'], 'jest')
    const ran = await run(root, ['dev', ...line.split(' ')])
    expect(ran.code).toBe(code)
    expect(ran.err + ran.out).toContain(message)
    expect(existsSync(join(root, 'node_modules/.bin/called.json'))).toBe(false)
  })

  it('a tool that is not installed, with the words of the package manager', async () => {
    const root = projectWith(['eslint'], 'jest')
    writeTree(root, { 'pnpm-lock.yaml': '' })
    const { code, err } = await run(root, ['dev', 'lint'])
    expect(code).toBe(1)
    expect(err).toBe(
      "error eslint isn't installed.\nInstall the project's dependencies: pnpm install\n",
    )
  })

  it("Yarn's Plug'n'Play, and says how to go on", async () => {
    const root = projectWith(['eslint'], 'jest')
    writeTree(root, { 'yarn.lock': '', '.pnp.cjs': '' })
    const said =
      "Yarn's Plug'n'Play isn't supported: programs have to be in node_modules/.bin.\nSet nodeLinker: node-modules in .yarnrc.yml, then run: yarn install\n"
    const { code, err } = await run(root, ['dev', 'lint'])
    expect({ code, err }).toEqual({ code: 1, err: `error ${said}` })
    expect((await run(join(root, 'tests'), ['dev', 'run', 'quite-another'])).err).toContain(said)
  })

  it('a program that is the name of a script, and where nothing is installed', async () => {
    const root = temporaryFolder()
    const own = { name: 'app', dependencies: { fastify: '*' }, scripts: { build: 'tsc' } }
    writeTree(root, { 'package.json': JSON.stringify(own) })
    expect((await run(root, ['dev', 'run', 'build'])).err).toContain(
      "There's a script of that name: npm run build\n",
    )
    expect((await run(root, ['dev', 'run', 'not-there'])).err).toContain(
      'Nothing is installed yet: npm install\n',
    )
  })

  it('a mark without tests in a service', async () => {
    const root = await createdService('--preset', 'minimal')
    rmSync(join(root, 'test/load'), { recursive: true })
    const { code, err } = await run(root, ['dev', 'test', '-m', 'load'])
    expect(code).toBe(1)
    expect(err).toBe(
      'error No test matches -m load: there is no *.test.ts in test/load.\nWrite one, for example test/load/service.test.ts.\n',
    )
  })
})

describe('dev --help', () => {
  it.each([
    ['lint', ['--fix', '--watch', '[-- <arguments of the linter>]']],
    ['format', ['--check', '[-- <arguments of the formatter>]']],
    ['typecheck', ['--strict', '[-- <arguments of the compiler>]']],
    [
      'test',
      [
        '[path...]',
        '--coverage',
        '--html',
        '-m, --mark',
        '-k, --keyword',
        '-x, --failfast',
        '-v, --verbose',
        '--watch',
      ],
    ],
    ['run', ['<program> [args...]']],
  ])('names what %s takes', async (name, expected) => {
    const { code, out } = await run(temporaryFolder(), ['dev', name, '--help'])
    expect(code).toBe(0)
    for (const word of expected) expect(out).toContain(word)
  })
})
