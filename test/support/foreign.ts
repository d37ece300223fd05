import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { execute } from './processes.ts'
import { type Tree, temporaryFolder, timesOf, treeOf } from './tree.ts'

const fixtures = join(import.meta.dirname, '../fixtures')
const packages = join(import.meta.dirname, '../../node_modules')

/** A project that some team has written without this program. */
export interface Project {
  /** Its folder in `test/fixtures`. */
  readonly name: string
  /** Where its package.json with Fastify is, if not in the root. */
  readonly folder?: string
  /** The file that it is started with. */
  readonly entry: string
  /** What it answers with 200 before anything is generated. */
  readonly serves: { readonly [question: string]: unknown }
  /** A file that has 20,000 lines in every copy. */
  readonly long?: string
}

/** Whether it is written in TypeScript. */
export function isTyped({ entry }: Pick<Project, 'entry'>): boolean {
  return entry.endsWith('ts')
}

/** A copy of a project in a new temporary folder, installed. */
export function copyProject({ name, long }: Pick<Project, 'name' | 'long'>): string {
  const root = join(temporaryFolder(), name)
  cpSync(join(fixtures, name), root, { recursive: true })
  if (long !== undefined) lengthen(join(root, long))
  install(root)
  return root
}

function lengthen(path: string): void {
  const text = readFileSync(path, 'utf8')
  const missing = Math.ceil((20_000 - text.split('\n').length) / 5)
  const functions = Array.from({ length: missing }, (_, at) => {
    const by = `return weight * ${at} // { app.register(zones) }`
    return `\nfunction rate${at}(weight: number): number {\n  if (weight > ${at}) ${by}\n  return weight\n}\n`
  })
  writeFileSync(path, text + functions.join(''))
}

/** Gives a project the packages that its package.json declares, and no other ones. */
export function install(root: string): void {
  const modules = join(root, 'node_modules')
  rmSync(modules, { recursive: true, force: true })
  const members = membersOf(root)
  for (const [name, range] of [root, ...members].flatMap(declaredIn)) {
    const source = sourceOf(name, range)
    if (!existsSync(source)) continue
    place(name, source, join(modules, name))
    placePrograms(name, modules)
  }
  for (const member of members) {
    const { name } = manifestOf(member)
    place(name, member, join(modules, name))
  }
}

/** What the compiler says about the project in a folder; nothing where it is content. */
export async function complaintsOf(folder: string): Promise<string> {
  // The types of packages are not in question, and other tests want the second core.
  const flags = ['--noEmit', '--skipLibCheck', '--singleThreaded']
  const { code, output } = await execute(folder, [join(packages, '.bin/tsc'), '-p', '.', ...flags])
  return code === 0 ? '' : output || `tsc ended with ${code}`
}

/** A project without the history of runs, which stays on the machine. */
export function stateOf(root: string): Tree {
  const isState = ([path]: [string, string]) => !path.includes('.create-service/history/')
  return Object.fromEntries(Object.entries(treeOf(root)).filter(isState))
}

/** Everything that a command without effect has to leave alone. */
export function snapshotOf(root: string) {
  return { tree: treeOf(root), times: timesOf(root) }
}

interface PackageJson {
  readonly name: string
  readonly bin?: string | Readonly<Record<string, string>>
  readonly workspaces?: readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** The package.json of a folder. */
export function manifestOf(folder: string): PackageJson {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}

function declaredIn(folder: string): [name: string, range: string][] {
  const { dependencies = {}, devDependencies = {} } = manifestOf(folder)
  return Object.entries({ ...dependencies, ...devDependencies })
}

function membersOf(root: string): readonly string[] {
  return (manifestOf(root).workspaces ?? []).flatMap((pattern) => {
    const parent = join(root, dirname(pattern))
    return readdirSync(parent).map((name) => join(parent, name))
  })
}

/** Here the previous major versions stand beside the present ones, under names of their own. */
function sourceOf(name: string, range: string): string {
  const previous = join(packages, `${name}-4`)
  return /^\^?4\./.test(range) && existsSync(previous) ? previous : join(packages, name)
}

function place(name: string, source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true })
  // Its types have to meet those of the project's Fastify, so it must not be followed to this one.
  if (name === 'fastify-plugin') cpSync(source, target, { recursive: true })
  else symlinkSync(source, target)
}

/** Links the programs of a package where package managers link them. */
function placePrograms(name: string, modules: string): void {
  const { bin = {} } = manifestOf(join(modules, name))
  const programs = typeof bin === 'string' ? { [name.replace(/^@[^/]+\//, '')]: bin } : bin
  for (const [program, path] of Object.entries(programs)) {
    const link = join(modules, '.bin', program)
    mkdirSync(dirname(link), { recursive: true })
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(modules, name, path)), link)
  }
}
