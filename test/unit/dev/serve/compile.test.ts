import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { compilation, emittedIn, fingerprint } from '../../../../src/dev/serve/compile.ts'
import { compilerOf } from '../../../../src/system/typescript.ts'
import { temporaryFolder } from '../../../support/tree.ts'

const never = new AbortController().signal

/** A project, and a compiler that says at each run that it wrote the next of these files. */
function project(
  files: Readonly<Record<string, string>>,
  emitted: readonly (readonly string[])[] = [],
) {
  const root = temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const calls: (readonly string[])[] = []
  const run = async (args: readonly string[]) => {
    const wrote = emitted[calls.push(args) - 1] ?? []
    return { isFine: true, output: wrote.map((name) => `TSFILE: ${join(root, name)}\n`).join('') }
  }
  const compile = compilation({ run }, { program: 'tsc', args: ['-p', 'x'], cwd: root }, false)
  return { root, calls, compile: () => compile(never) }
}

function left(root: string, names: readonly string[]): readonly string[] {
  return names.filter((name) => existsSync(join(root, name)))
}

it('reads what the compiler says it wrote', () => {
  const output = 'TSFILE: /p/dist/a.js\r\nTSFILE: /p/dist/b/c.js.map\nFound 0 errors.\n'
  expect(emittedIn(output)).toEqual(['/p/dist/a.js', '/p/dist/b/c.js.map'])
})

it('removes what it compiled before of sources that are gone, and nothing else', async () => {
  const names = ['dist/a.js', 'dist/gone.js', 'dist/gone.js.map', 'dist/public/app.js']
  const { root, compile } = project(Object.fromEntries(names.map((name) => [name, ''])), [
    ['dist/a.js', 'dist/gone.js', 'dist/gone.js.map'],
    ['dist/a.js'],
  ])
  await compile()
  expect(left(root, names)).toEqual(names)
  await compile()
  expect(left(root, names)).toEqual(['dist/a.js', 'dist/public/app.js'])
})

it('removes nothing where the compiler names nothing, or the same name otherwise', async () => {
  const { root, compile } = project({ 'dist/a.js': '' }, [['dist/a.js'], [], ['dist/A.js']])
  for (const _run of [1, 2, 3]) await compile()
  expect(left(root, ['dist/a.js'])).toEqual(['dist/a.js'])
})

it('writes all of a project whose own builds are incremental', async () => {
  const options = { outDir: 'dist', rootDir: 'src', composite: true, tsBuildInfoFile: './x.info' }
  const { root } = project({
    'src/a.ts': 'export const a = 1\n',
    'src/b.ts': 'export const b = 1\n',
    'tsconfig.json': JSON.stringify({ compilerOptions: options, include: ['src'] }),
  })
  const compiler = compilerOf(process.cwd())
  if (compiler === undefined) throw new Error('no compiler')
  const command = { program: 'tsc', args: ['-p', '.'], cwd: root }
  await compiler.run(command.args, root, never)
  const outputs = ['dist/a.js', 'dist/b.js']
  for (const name of outputs) rmSync(join(root, name))
  const compile = compilation(compiler, command, false)
  expect(await compile(never)).toBeUndefined()
  writeFileSync(join(root, 'src/a.ts'), 'export const a = 2\n')
  expect(await compile(never)).toBeUndefined()
  expect(left(root, outputs)).toEqual(outputs)
})

it.each([
  ['a file', { 'src/a.ts': '' }, '{"compilerOptions":{"verbatimModuleSyntax":true}}', true],
  ['data too', { 'src/a.json': '{}' }, '{"compilerOptions":{"verbatimModuleSyntax":true}}', false],
  ['types of others', { 'src/a.ts': '' }, '{"compilerOptions":{}}', false],
])(
  'reads the packages only where the output depends on more than %s',
  async (_n, files, config, alone) => {
    const { calls, compile } = project({ ...files, 'tsconfig.json': config })
    await compile()
    expect(calls[0]?.includes('--noResolve')).toBe(alone)
  },
)

it('sees by what a server differs', () => {
  const watched = ['src', '.env']
  const { root } = project({
    'dist/a.js': '1',
    'dist/a.js.map': '1',
    'src/a.ts': '1',
    '.env': 'A=1',
  })
  const before = fingerprint(root, watched)
  const after = (path: string) => {
    writeFileSync(join(root, path), '2')
    return fingerprint(root, watched)
  }
  expect([after('src/a.ts'), after('dist/a.js.map')]).toEqual([before, before])
  const built = after('dist/a.js')
  expect(built).not.toBe(before)
  const data = after('src/page.html')
  expect(data).not.toBe(built)
  expect(after('.env')).not.toBe(data)
})
