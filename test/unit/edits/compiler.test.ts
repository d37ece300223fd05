import { execFile } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

const work = mkdtempSync(join(tmpdir(), 'compiler-'))
const cache = join(work, 'cache')
const program = join(work, 'program.mjs')
const watcher = join(work, 'watcher.cjs')

// A bundle, because a process of its own has to load it, and Node 20 runs no TypeScript.
beforeAll(async () => {
  symlinkSync(resolve('node_modules'), join(work, 'node_modules'))
  const source = `import { typescript } from ${JSON.stringify(resolve('src/edits/compiler.ts'))}
    const file = typescript().createSourceFile('a.ts', 'const a = 1', 99)
    console.log(file.statements.length + ' statement')`
  writeFileSync(join(work, 'entry.ts'), source)
  writeFileSync(
    watcher,
    `const vm = require('node:vm')
    const { AS_UID, AS_VERSION } = process.env
    if (AS_UID) process.getuid = () => Number(AS_UID)
    if (AS_VERSION) Object.defineProperty(process, 'version', { value: AS_VERSION })
    vm.Script = class extends vm.Script {
      constructor(code, options) {
        super(code, options)
        console.log('cache ' + (options.cachedData ? 'rejected: ' + this.cachedDataRejected : 'empty'))
      }
    }
    require('node:module').syncBuiltinESMExports()`,
  )
  const bundle = await rolldown({ input: join(work, 'entry.ts'), platform: 'node' })
  await bundle.write({ file: program, format: 'esm' })
  await bundle.close()
})
beforeEach(() => rmSync(cache, { recursive: true, force: true }))
afterAll(() => rmSync(work, { recursive: true, force: true }))

interface Circumstances {
  readonly folder?: string
  readonly flags?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

/** What a process that parses one statement says about its cache. */
async function parse({ folder = cache, flags = [], env = {} }: Circumstances = {}) {
  const args = ['--require', watcher, ...flags, program]
  const options = { env: { ...process.env, CREATE_SERVICE_CACHE: folder, ...env } }
  const { stdout } = await promisify(execFile)(process.execPath, args, options)
  const lines = stdout.trim().split('\n')
  expect(lines.pop()).toBe('1 statement')
  return lines.join()
}

function onlyFile(): string {
  const [name = '', ...others] = readdirSync(cache)
  expect(others).toEqual([])
  return join(cache, name)
}

test('the second process takes the compiled code of the first', async () => {
  expect(await parse()).toBe('cache empty')
  expect(statSync(cache).mode & 0o777).toBe(0o700)
  const written = statSync(onlyFile())
  expect(written.mode & 0o777).toBe(0o600)
  expect(written.size).toBeGreaterThan(1_000_000)
  expect(await parse()).toBe('cache rejected: false')
  expect(statSync(onlyFile()).mtimeMs).toBe(written.mtimeMs)
})

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, 100_000)],
  ['changed in the middle', (bytes: Buffer) => bytes.fill(0xff, 1_000_000, 1_000_100)],
])('a cache file that is %s is not used and is replaced', async (_, damage) => {
  await parse()
  const file = onlyFile()
  const good = readFileSync(file).length
  writeFileSync(file, damage(readFileSync(file)))
  expect(await parse()).toBe('cache empty')
  expect(readFileSync(onlyFile()).length).toBeGreaterThan(good / 2)
  expect(await parse()).toBe('cache rejected: false')
})

test('code that V8 rejects is replaced', async () => {
  await parse()
  const flags = ['--no-opt']
  expect(await parse({ flags })).toBe('cache rejected: true')
  expect(await parse({ flags })).toBe('cache rejected: false')
  onlyFile()
})

test('another version of Node has a file of its own', async () => {
  await parse()
  const first = onlyFile()
  expect(await parse({ env: { AS_VERSION: 'v99.0.0' } })).toBe('cache empty')
  expect(readdirSync(cache)).toHaveLength(2)
  expect(await parse()).toBe('cache rejected: false')
  expect(statSync(first).size).toBeGreaterThan(1_000_000)
})

test('processes that start together leave one whole file', async () => {
  expect(await Promise.all([parse(), parse(), parse()])).toEqual(Array(3).fill('cache empty'))
  onlyFile()
  expect(await parse()).toBe('cache rejected: false')
})

test("somebody else's folder is neither read nor written", async () => {
  await parse()
  const { mtimeMs } = statSync(onlyFile())
  expect(await parse({ env: { AS_UID: '12345' } })).toBe('cache empty')
  expect(statSync(onlyFile()).mtimeMs).toBe(mtimeMs)
})

test('a file that others could write is not trusted', async () => {
  await parse()
  chmodSync(onlyFile(), 0o666)
  expect(await parse()).toBe('cache empty')
  chmodSync(cache, 0o777)
  expect(await parse()).toBe('cache empty')
})

test('without a folder that can be written, nothing is kept and nothing fails', async () => {
  writeFileSync(join(work, 'file'), '')
  expect(await parse({ folder: join(work, 'file', 'below') })).toBe('cache empty')
  expect(await parse({ folder: 'off' })).toBe('')
  expect(readFileSync(join(work, 'file'), 'utf8')).toBe('')
})

test('only the newest few files are kept, and files of others', async () => {
  mkdirSync(cache, { mode: 0o700 })
  const names = ['compiled-1', 'compiled-2', 'compiled-3', 'compiled-4', 'notes']
  for (const [age, name] of names.entries()) {
    writeFileSync(join(cache, name), '')
    utimesSync(join(cache, name), 1_000_000 - age, 1_000_000 - age)
  }
  await parse()
  const left = readdirSync(cache).sort()
  expect(left).toHaveLength(4)
  expect(left.filter((name) => names.includes(name))).toEqual(['compiled-1', 'compiled-2', 'notes'])
})
