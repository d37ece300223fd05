import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { copiedService } from '../support/copied-service.ts'
import { addHalves, halvesTest } from '../support/halves.ts'
import { execute, succeed } from '../support/processes.ts'
import { product } from '../support/service.ts'

/*
 * The commands of every day in a service with a resource, for real: what they print, their exit
 * code, and what they say of wrong words.
 */

const root = copiedService()
const own = join(root, 'node_modules/.bin/create-service')
const env = { CI: 'true', DATABASE_URL: undefined, REDIS_URL: undefined }
const dev = (...words: readonly string[]) => execute(root, [own, 'dev', ...words], env)
const at = (path: string) => join(root, path)

/** What `work` does to the text of a file lasts as long as `during`. */
async function changed<T>(path: string, text: string, during: () => Promise<T>): Promise<T> {
  const before = existsSync(at(path)) ? readFileSync(at(path)) : undefined
  writeFileSync(at(path), text)
  try {
    return await during()
  } finally {
    if (before === undefined) rmSync(at(path))
    else writeFileSync(at(path), before)
  }
}

beforeAll(async () => {
  await succeed(root, [own, ...product], env)
  addHalves(root)
})

const looseTypes = 'export const loose: any = 1\n'
const badLayout = 'export const  wide   = 1;\n'
const badType = "export const count: number = 'one'\n"
const badTest = `import { expect, it } from 'vitest'

it('adds', () => {
  expect(1 + 1).toBe(3)
})
`

describe('dev lint', () => {
  it('passes on a fresh service, and lets flags through to the linter', async () => {
    expect(await dev('lint')).toMatchObject({ code: 0 })
    const { code, output } = await dev('lint', '--', '--reporter=summary')
    expect(code, output).toBe(0)
  })

  it('names what is wrong, with file and line, and mends it', async () => {
    const debuggers = 'export function stop(): void {\n  debugger\n}\n'
    await changed('src/stop.ts', debuggers, async () => {
      const { code, output } = await dev('lint')
      expect(code).toBe(1)
      expect(output).toContain('src/stop.ts:2:3')
    })
    const unsorted = "import { b } from './b.ts'\nimport { a } from './a.ts'\n\nexport { a, b }\n"
    await changed('src/sorted.ts', unsorted, async () => {
      expect((await dev('lint')).code).toBe(1)
      await dev('lint', '--fix')
      expect(readFileSync(at('src/sorted.ts'), 'utf8')).toMatch(/a\.ts.*\n.*b\.ts/)
      expect((await dev('lint')).code).toBe(0)
    })
  })

  it('refuses unknown flags', async () => {
    expect(await dev('lint', '--mend')).toMatchObject({ code: 2 })
  })
})

describe('dev format', () => {
  it('checks, and writes', async () => {
    expect(await dev('format', '--check')).toMatchObject({ code: 0 })
    await changed('src/wide.ts', badLayout, async () => {
      const { code, output } = await dev('format', '--check')
      expect(code).toBe(1)
      expect(output).toContain('src/wide.ts')
      expect(readFileSync(at('src/wide.ts'), 'utf8')).toBe(badLayout)
      expect((await dev('format')).code).toBe(0)
      expect(readFileSync(at('src/wide.ts'), 'utf8')).toBe('export const wide = 1\n')
    })
  })
})

describe('dev typecheck', () => {
  it('passes, also with the strictest flags', async () => {
    expect(await dev('typecheck')).toMatchObject({ code: 0 })
    expect(await dev('typecheck', '--strict')).toMatchObject({ code: 0 })
  })

  it('names what is wrong; --strict finds more', async () => {
    await changed('src/count.ts', badType, async () => {
      const { code, output } = await dev('typecheck')
      expect(code).not.toBe(0)
      expect(output).toMatch(/src\/count\.ts[(:]1/)
    })
    const unreachable = 'export function one(): number {\n  return 1\n  return 2\n}\n'
    await changed('src/one.ts', unreachable, async () => {
      expect((await dev('typecheck')).code).toBe(0)
      const { code, output } = await dev('typecheck', '--strict')
      expect(code).not.toBe(0)
      expect(output).toContain('src/one.ts')
    })
  })
})

describe('dev test', () => {
  it('runs the tests of a path, from wherever one is', async () => {
    const { code, output } = await dev('test', halvesTest)
    expect(code, output).toBe(0)
    expect(output).toMatch(/1 passed/)
    const words = ['--cwd', at('test/unit'), 'dev', 'test', 'halves.test.ts']
    expect(await execute(root, [own, ...words], env)).toMatchObject({ code: 0 })
  })

  it('runs the tests of a mark, and of a keyword', async () => {
    const { code, output } = await dev('test', '-m', 'unit', '-k', 'halves', '-v')
    expect(code, output).toBe(0)
    expect(output).toContain(halvesTest)
    expect(output).not.toContain('test/api/')
  })

  it('fails if no test of a mark has the name', async () => {
    const { code, output } = await dev('test', '-m', 'unit', '-k', 'nothing of the kind')
    expect(code).toBe(1)
    expect(output).toContain("error No test matches -m unit -k 'nothing of the kind'.")
  })

  it('stops at the first failure with -x', async () => {
    const failures = `${badTest}\nit('subtracts', () => {\n  expect(1 - 1).toBe(3)\n})\n`
    await changed('test/unit/failing.test.ts', failures, async () => {
      const all = await dev('test', 'test/unit/failing.test.ts')
      expect(all).toMatchObject({ code: 1 })
      expect(all.output).toContain('test/unit/failing.test.ts:4')
      expect(all.output).toMatch(/2 failed/)
      const first = await dev('test', 'test/unit/failing.test.ts', '-x')
      expect(first).toMatchObject({ code: 1 })
      expect(first.output).not.toMatch(/2 failed/)
    })
  })

  it('refuses a mark, a path that is not there, and a mark without tests', async () => {
    const mark = await dev('test', '-m', 'fast')
    expect(mark).toMatchObject({ code: 2 })
    expect(mark.output).toContain('integration')
    expect(await dev('test', 'test/nothing.test.ts')).toMatchObject({ code: 2 })
    rmSync(at('test/load'), { recursive: true })
    const load = await dev('test', '-m', 'load')
    expect(load.code).toBe(1)
    expect(load.output).toContain('test/load')
  })

  it('runs a mark when there are tests for it', async () => {
    mkdirSync(at('test/load'), { recursive: true })
    const text =
      "import { expect, it } from 'vitest'\n\nit('holds', () => {\n  expect(1).toBe(1)\n})\n"
    await changed('test/load/held.test.ts', text, async () => {
      expect((await dev('test', '-m', 'load')).output).toMatch(/1 passed/)
      expect((await dev('test', '-k', 'holds', '-v')).output).not.toContain('held.test.ts')
      expect((await dev('test', 'test/load/held.test.ts')).output).toMatch(/1 passed/)
    })
  })
})

describe('dev test --coverage', () => {
  it('reaches 85% of the lines without servers, and writes pages', async () => {
    const { code, output } = await dev('test', '--html')
    expect(code, output).toBe(0)
    const [, lines] = /All files[^|]*\|[^|]*\|[^|]*\|[^|]*\|\s*([\d.]+)/.exec(output) ?? []
    expect(Number(lines)).toBeGreaterThanOrEqual(85)
    expect(output).toContain('coverage/index.html')
    expect(existsSync(at('coverage/index.html'))).toBe(true)
  })
})

describe('dev quality', () => {
  // All tests have just run; what is looked at here takes few.
  beforeAll(() => {
    for (const mark of ['api', 'integration']) rmSync(at(`test/${mark}`), { recursive: true })
  })

  it('reports all that fails in one run, with file and line, and mends what it can', async () => {
    const failing = async () => {
      const { code, output } = await dev('quality')
      expect(code).toBe(1)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(output).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/)
      expect(output).toMatch(/src\/loose\.ts:1\b/)
      expect(output).toMatch(/src\/wide\.ts:1\b/)
      expect(output).toMatch(/src\/count\.ts:1\b/)
      expect(output).toMatch(/test\/unit\/failing\.test\.ts:4\b/)
      const fixed = await dev('quality', '--fix')
      expect(fixed.code).toBe(1)
      expect(fixed.output).not.toMatch(/src\/wide\.ts:1\b/)
      expect(fixed.output).toMatch(/src\/loose\.ts:1\b/)
      expect(fixed.output).toMatch(/src\/count\.ts:1\b/)
      expect(fixed.output).toMatch(/test\/unit\/failing\.test\.ts:4\b/)
      expect(readFileSync(at('src/wide.ts'), 'utf8')).toBe('export const wide = 1\n')
    }
    await changed('src/loose.ts', looseTypes, () =>
      changed('src/wide.ts', badLayout, () =>
        changed('src/count.ts', badType, () =>
          changed('test/unit/failing.test.ts', badTest, failing),
        ),
      ),
    )
  })
})

it.each(['format', 'typecheck', 'test', 'quality', 'clean', 'deps', 'info'])(
  'dev %s refuses an unknown flag',
  async (name) => {
    const { code, output } = await dev(name, '--everything')
    expect(code).toBe(2)
    expect(output).toContain('--everything')
  },
)

describe('dev clean, deps, info and run', () => {
  it('cleans what was built', async () => {
    await succeed(root, ['npm', 'run', 'build'], env)
    expect(await dev('clean', '--dry-run')).toMatchObject({ code: 0 })
    expect(existsSync(at('dist'))).toBe(true)
    const { code, output } = await dev('clean')
    expect(code, output).toBe(0)
    expect(output).toContain('dist')
    expect(existsSync(at('dist'))).toBe(false)
    expect(existsSync(at('node_modules/fastify'))).toBe(true)
    expect((await dev('clean', 'src')).code).toBe(2)
  })

  it('lists the packages', async () => {
    const { code, output } = await dev('deps')
    expect(code, output).toBe(0)
    expect(output).toMatch(/fastify +5\./)
  })

  it('shows the project, and no secret', async () => {
    const secret = 'postgres://someone:hunter22@127.0.0.1:1/nowhere'
    appendFileSync(at('.env'), `DATABASE_URL=${secret}\n`)
    const { code, output } = await dev('info', '--all')
    rmSync(at('.env'))
    expect(code, output).toBe(0)
    expect(output).toMatch(/Vitest/)
    expect(output).toContain('DATABASE_URL')
    expect(output).not.toContain('hunter22')
  })

  it('runs a program with all its flags, and gives its exit code', async () => {
    expect(await dev('run', 'node', '--version')).toMatchObject({
      code: 0,
      output: `${process.version}\n`,
    })
    expect(await dev('run', 'node', '-e', 'process.exitCode = 7')).toMatchObject({ code: 7 })
    const missing = await dev('run', 'vitestt', '--version')
    expect(missing.code).not.toBe(0)
    expect(missing.output).toContain('vitest')
  })
})
