import { execFile } from 'node:child_process'
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { rolldown } from 'rolldown'
import { type Facts, factsOf } from '../../src/dev/facts.ts'
import { resolveServe, type ServeOptions } from '../../src/dev/serve/resolve-serve.ts'
import type { Command } from '../../src/model/plan.ts'
import { openProject } from '../../src/project/project.ts'
import { copyProject } from '../support/foreign.ts'
import { type Serving, serving } from '../support/processes.ts'
import type { Ran } from '../support/run.ts'
import { temporaryFolder } from '../support/tree.ts'

type Env = Readonly<Record<string, string | undefined>>

const checkout = join(import.meta.dirname, '../..')

/** As in a shell of one's own: without what the runner of these tests, or CI, has set. */
const plain: Env = {
  ...Object.fromEntries(
    Object.keys(process.env)
      .filter((name) =>
        /^(CI$|GITHUB_|VITE|TEST$|NODE_|FORCE_COLOR|NO_COLOR|PORT$|HOST$|npm_)/.test(name),
      )
      .map((name) => [name, undefined]),
  ),
  PATH: pathWithout('node_modules'),
}

/** The tools of this checkout are not those of a project. */
function pathWithout(part: string): string {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.filter((folder) => !folder.includes(part)).join(delimiter)
}

/** A copy of a project made elsewhere, and the program at work in it. */
export interface Session {
  /** The folder that the commands run in. */
  readonly folder: string
  readonly facts: Facts
  /** Runs `dev …`, its words in one text, as a process, since tools write to the terminal. */
  dev(words: string, env?: Env): Promise<Ran>
  /** Runs `dev … --json`: its code and the document. */
  json(words: string): Promise<{ code: number; document: Document }>
  /** Runs `dev serve …` on a free port, until `path` answers. */
  serve(path: string, words?: string, env?: Env): Promise<Serving>
}

/** What of the documents these tests look at. */
export interface Document {
  readonly outcome: string
  readonly checks: readonly {
    readonly name: string
    readonly outcome: string
    readonly findings: readonly { readonly file: string; readonly line: number }[]
  }[]
  readonly tools: readonly { readonly task: string; readonly tool: string | null }[]
}

/** Copies a project, installed, and bundles the program, which then starts ten times as fast. */
export async function openSession(name: string, member = ''): Promise<Session> {
  const words = [process.execPath, await bundledProgram(), 'dev'] as const
  const folder = join(copyProject({ name }), member)
  const dev: Session['dev'] = (text, env) => ended(folder, [...words, ...wordsOf(text)], env)
  return {
    folder,
    facts: factsOf(await openProject(folder)),
    dev,
    json: async (text) => {
      const { code, out } = await dev(`${text} --json`)
      return { code, document: JSON.parse(out) }
    },
    serve: (path, text = '', env = {}) => {
      const line = (port: number) => [...words, 'serve', '-p', `${port}`, ...wordsOf(text)]
      return serving(folder, line, { ...plain, ...env }, path)
    },
  }
}

async function bundledProgram(): Promise<string> {
  const home = temporaryFolder()
  for (const name of ['node_modules', 'package.json', 'templates']) {
    symlinkSync(join(checkout, name), join(home, name))
  }
  const bundle = await rolldown({
    input: join(checkout, 'src/bin.ts'),
    platform: 'node',
    external: (id) => !/^[./]/.test(id),
    logLevel: 'silent',
  })
  await bundle.write({ dir: join(home, 'dist'), format: 'esm' })
  await bundle.close()
  return join(home, 'dist/bin.js')
}

function wordsOf(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '')
}

function ended(cwd: string, [program, ...args]: readonly string[], env: Env = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, ...plain, ...env } }
    const child = execFile(program ?? '', args, options, (_error, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err })
    })
    child.stdin?.end()
  })
}

/** A resolved command as one would type it. */
export function typed({ program, args }: Command): string {
  return [program, ...args].join(' ')
}

/** How a project made elsewhere is served, and what it is told. */
export function servedBy(facts: Facts, options: ServeOptions, listening?: readonly string[]) {
  const served = resolveServe(facts, options, () => listening ?? [])
  if (served.kind === 'service') throw new Error('It was not made by this program.')
  return { words: typed(served.command), env: served.command.env }
}

/** Where faults were found, those of each check, as `file:line`. */
export function placesIn({ checks }: Document): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    checks.map(({ name, findings }) => [name, findings.map(({ file, line }) => `${file}:${line}`)]),
  )
}

/** How each check ended. */
export function outcomesIn({ checks }: Document): Readonly<Record<string, string>> {
  return Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]))
}

/** A program on the PATH of a temporary folder: a package manager that this machine has not. */
export function standIn(name: string, script: string): Env {
  const folder = temporaryFolder()
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return { PATH: `${folder}${delimiter}${plain.PATH}` }
}
