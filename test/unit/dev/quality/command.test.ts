import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../../../support/run.ts'
import { temporaryFolder } from '../../../support/tree.ts'

type Tools = Readonly<Record<'biome' | 'tsc' | 'vitest', string>>

const pass = 'console.log("\\x1b[32mfine\\x1b[0m")'
const passing: Tools = {
  biome: pass,
  tsc: pass,
  vitest: 'console.log("      Tests  2 passed (2)")',
}
const failing: Tools = {
  biome: `console.log(process.argv[2] === 'format'
    ? 'a.ts format ━━\\n\\n  × Formatter would have printed the following content:\\n  \\n    1   │ - x'
    : 'b.ts:2:3 lint/x ━━\\n\\n  × Bad.'); process.exit(1)`,
  tsc: `console.log('c.ts(4,5): error TS1: Wrong.\\n::error::not from here'); process.exit(2)`,
  vitest: `console.log(' FAIL  d.test.ts > adds\\nError: no\\n ❯ d.test.ts:6:7\\n'); process.exit(1)`,
}

/** A project whose tools are small programs. */
function project(tools: Partial<Tools>): string {
  const root = temporaryFolder()
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const devDependencies = { '@biomejs/biome': '2', typescript: '7', vitest: '4' }
  write('package.json', JSON.stringify({ dependencies: { fastify: '5' }, devDependencies }))
  write('tsconfig.json', '{}')
  for (const [name, code] of Object.entries(tools)) {
    write(`node_modules/.bin/${name}`, `#!/usr/bin/env node\n${code}\n`)
    chmodSync(join(root, 'node_modules/.bin', name), 0o755)
  }
  return root
}

const quality = ['dev', 'quality']

describe('dev quality', () => {
  it('says a line a check, without colours where there is no terminal', async () => {
    const { code, out, err } = await run(project(passing), quality)
    expect(code).toBe(0)
    expect(out.split('\n').slice(0, 4)).toEqual([
      '✓ lint      passed       0.0 s',
      '✓ format    passed       0.0 s',
      '✓ typecheck passed       0.0 s',
      '✓ test      passed       0.0 s  2 passed',
    ])
    expect(out + err).not.toContain('\u001B')
  })

  it('reports every failure of one run with its file and line', async () => {
    const { code, out } = await run(project(failing), quality)
    expect(code).toBe(1)
    for (const place of ['a.ts:1 ', 'b.ts:2:3 ', 'c.ts:4:5 ', 'd.test.ts:6:7 ']) {
      expect(out).toContain(`\n  ${place}`)
    }
    const heads = [...out.matchAll(/^── (\w+)$/gm)].map(([, name]) => name)
    expect(heads).toEqual(['lint', 'format', 'typecheck', 'test'])
    expect(out).toContain('dev quality --fix')
  })

  it('is one document with --json, and what tools printed is beside it', async () => {
    const { code, out, err } = await run(project(failing), [...quality, '--json'])
    expect(code).toBe(1)
    const { outcome, checks } = JSON.parse(out)
    expect(outcome).toBe('failed')
    expect(
      checks.map(({ findings }: { findings: { line: number }[] }) => findings[0]?.line),
    ).toEqual([2, 1, 4, 6])
    expect(err).toContain('── typecheck')
  })

  it('says nothing with --quiet where all is well', async () => {
    expect(await run(project(passing), [...quality, '--quiet'])).toEqual({
      code: 0,
      out: '',
      err: '',
    })
  })

  it('lets what follows see what --fix mended', async () => {
    const biome = `require('node:fs').appendFileSync('order', process.argv.includes('--write') ? 'mend ' : 'check ')`
    const root = project({
      ...{ biome, tsc: `require('node:fs').appendFileSync('order', 'tsc ')` },
      vitest: passing.vitest,
    })
    expect((await run(root, [...quality, '--fix'])).code).toBe(0)
    expect(readFileSync(join(root, 'order'), 'utf8')).toBe('mend mend tsc ')
  })

  it('tells GitHub each place, and takes no command from what tools printed', async () => {
    const root = project(failing)
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(root, 'page.md') }
    const { out } = await run(root, quality, { env })
    const commands = out.split('\n').filter((line) => line.startsWith('::error'))
    expect(commands).toEqual([
      '::error file=b.ts,line=2,col=3,title=lint::Bad. (lint/x)',
      '::error file=a.ts,line=1,title=format::The formatting differs from here on. (format)',
      '::error file=c.ts,line=4,col=5,title=typecheck::Wrong. (TS1)',
      '::error file=d.test.ts,line=6,col=7,title=test::adds: Error: no',
    ])
    expect(out).toContain('\n ::error::not from here\n')
    expect(readFileSync(env.GITHUB_STEP_SUMMARY, 'utf8')).toContain('| lint | ❌ failed |')
  })

  it('keeps the document alone on stdout for GitHub too', async () => {
    const env = { GITHUB_ACTIONS: 'true' }
    const { out, err } = await run(project(failing), [...quality, '--json'], { env })
    expect(JSON.parse(out)).toMatchObject({ outcome: 'failed' })
    expect(err).toContain('::error file=b.ts')
  })

  it('warns where the page for GitHub cannot be written', async () => {
    const root = project(passing)
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: join(root, 'no/such/page.md') }
    const { code, err } = await run(root, quality, { env })
    expect(code).toBe(0)
    expect(err).toContain('! The step summary was not written: ENOENT')
  })

  it('fails where a tool that the project asks for is not installed', async () => {
    const { biome, tsc } = passing
    const { code, out } = await run(project({ biome, tsc }), quality)
    expect(code).toBe(1)
    expect(out).toContain("test: vitest isn't installed.")
  })

  it('goes on where a tool cannot be started', async () => {
    const root = project({ vitest: passing.vitest })
    const devDependencies = { oxfmt: '1', vitest: '4' }
    const own = { dependencies: { fastify: '5' }, devDependencies }
    writeFileSync(join(root, 'package.json'), JSON.stringify(own))
    writeFileSync(join(root, 'node_modules/.bin/oxfmt'), '', { mode: 0o644 })
    const { code, out } = await run(root, quality)
    expect(code).toBe(1)
    expect(out).toContain("format: oxfmt can't be started (EACCES).")
    expect(out).toContain('✓ test      passed')
  })

  it('is one error where nothing is installed', async () => {
    const { code, out, err } = await run(project({}), quality)
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(err).toContain("biome isn't installed.")
  })
})
