import { mkdirSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { succeed } from './processes.ts'

/** The packed program as a user has it. */
export interface Packed {
  readonly tarball: string
  /** The words that start the program. */
  readonly program: readonly string[]
}

/** Builds, packs and installs the program in a folder. */
export async function packedProgram(folder: string): Promise<Packed> {
  const checkout = resolve(import.meta.dirname, '../..')
  await succeed(checkout, ['npm', 'run', 'build'])
  await succeed(checkout, ['npm', 'pack', '--pack-destination', folder])
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '')
  const home = join(folder, 'home')
  mkdirSync(home)
  await succeed(home, ['npm', 'install', '--no-save', '--prefix', home, tarball])
  return { tarball, program: [join(home, 'node_modules/.bin/create-service')] }
}
