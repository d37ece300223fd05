// Projects that are large in one respect. All are made from one that the program created.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

export const own = ['node', resolve(import.meta.dirname, '../dist/bin.js')]

const work = mkdtempSync(join(tmpdir(), 'create-service-bench-'))
process.on('exit', () => rmSync(work, { recursive: true, force: true }))

/** A new folder; with a model, a copy of it. */
export function folder(model) {
  const path = mkdtempSync(join(work, 'f-'))
  if (model !== undefined) cpSync(model, path, { recursive: true })
  return path
}

export function run(cwd, [program, ...args]) {
  execFileSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** A project as the program creates it. */
export function project() {
  const path = folder()
  run(path, [...own, './app', '--yes', '--no-install', '--no-git'])
  return join(path, 'app')
}

/** A copy of a project; `change` gets a function that rewrites one of its files. */
function changed(model, change) {
  const path = folder(model)
  change((file, rewrite) => {
    mkdirSync(dirname(join(path, file)), { recursive: true })
    writeFileSync(
      join(path, file),
      rewrite(() => readFileSync(join(path, file), 'utf8')),
    )
  })
  return path
}

/** With so many more lines of functions in one of its files. */
export function longer(model, file, lines) {
  const text = Array.from(
    { length: lines / 4 },
    (_, i) => `function part${i}(a: number): number {\n  // ${i}\n  return a + ${i}\n}\n`,
  ).join('')
  return changed(model, (write) => write(file, (read) => `${read()}${text}`))
}

/** With so many files that have nothing to do with Fastify. */
export function withUnrelated(model, count) {
  return changed(model, (write) => {
    for (let i = 0; i < count; i++) {
      const text = `export const value${i} = ${i}\n`.repeat(20)
      write(`src/lib/group-${i % 50}/part-${i}.ts`, () => text)
    }
  })
}

const word = (i) => `piece${[2704, 52, 1].map((n) => letter(Math.floor(i / n) % 52)).join('')}`
const letter = (n) => String.fromCharCode(97 + (n >> 1)) + (n & 1 ? 'b' : 'a')
const upper = (text) => text[0].toUpperCase() + text.slice(1)

/** With so many resources: one is generated, the others are what it is under other names. */
export function withResources(model, count) {
  const one = folder(model)
  run(one, [...own, 'generate', 'resource', 'Placeholder', 'name:string', '--no-install'])
  const unit = '.create-service/units/resource-placeholder'
  const recorded = readFileSync(join(one, unit), 'utf8')
  const { args, files, edits } = JSON.parse(recorded)
  const texts = [unit, ...Object.keys(files)].map((file) => [
    file,
    readFileSync(join(one, file), 'utf8'),
  ])
  const named = (text, i) =>
    text
      .replaceAll('placeholder', word(i))
      .replaceAll('Placeholder', upper(word(i)))
      .replaceAll(args.stamp, String(20200101000000 + i))
  return changed(one, (write) => {
    for (let i = 0; i < count - 1; i++) {
      for (const [file, text] of texts) write(named(file, i), () => named(text, i))
    }
    const all = (line) =>
      [line, ...Array.from({ length: count - 1 }, (_, i) => named(line, i))].join('\n')
    for (const { path, chunk } of edits) {
      write(path, (read) => read().replace(new RegExp(`^.*${escaped(chunk)}$`, 'm'), all))
    }
  })
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
