import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { succeed } from '../support/processes.ts'
import { temporaryFolder } from '../support/tree.ts'

const fixtures = join(import.meta.dirname, '../fixtures')
const packages = join(import.meta.dirname, '../../node_modules')

/** A project with packages of its own, by the lock file beside it or above it. */
export interface CompiledProject {
  /** Its folder in `test/fixtures`. */
  readonly name: string
  /** The folder that is installed. */
  readonly installed: string
  /** What it answers with 200 before anything is generated. */
  readonly serves: string
  /** What its router's one schema is written with. */
  readonly schema: string
  /** Whether it has Drizzle, so that it takes a resource. */
  readonly hasDatabase: boolean
}

const ofWorkspace = (name: string, schema: string): CompiledProject => ({
  name: `compilers/${name}`,
  installed: 'compilers',
  serves: '/members',
  schema,
  hasDatabase: true,
})

const ofVersion = (name: string, installed = name): CompiledProject => ({
  name,
  installed,
  serves: '/breads',
  schema: "type: 'object'",
  hasDatabase: false,
})

export const compiledProjects: readonly CompiledProject[] = [
  ofWorkspace('zod-4', 'z.object({ status: z.literal("ok") })'),
  ofWorkspace('zod-5', "z.object({ status: z.literal('ok') })"),
  ofWorkspace('zod-7', 'z.object({ status: z.literal("ok") })'),
  ofWorkspace('typebox-5', "Type.Object({ status: Type.Literal('ok') })"),
  ofVersion('fastify-4.0'),
  ofVersion('fastify-4.9'),
  ofVersion('fastify-4.15'),
  ofVersion('fastify-4.29'),
  ofVersion('compilers/fastify-5', 'compilers'),
]

/** What such a project needs beside its own packages. */
const tools = ['@types/node', 'undici-types', 'drizzle-kit']

const known = new Map<string, Promise<string>>()

/** Installs a folder of `test/fixtures` once, exactly as its lock file says. */
export function installFixture(name: string): Promise<string> {
  const running = known.get(name) ?? installNow(name)
  known.set(name, running)
  return running
}

async function installNow(name: string): Promise<string> {
  const root = join(temporaryFolder(), name)
  cpSync(join(fixtures, name), root, { recursive: true })
  await succeed(root, ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'])
  for (const tool of tools) {
    const target = join(root, 'node_modules', tool)
    mkdirSync(dirname(target), { recursive: true })
    symlinkSync(join(packages, tool), target)
  }
  return root
}
