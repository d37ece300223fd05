import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { succeed } from './processes.ts'

/** A service that the packed program has created and installed. */
export interface InstalledService {
  readonly root: string
  /** What the creation printed. */
  readonly output: string
}

/**
 * Packs the program as a user gets it, and has it create and install a service. A run that is given
 * a folder in TEST_SERVICE leaves the service there for the next run, as `.ci/run` does: packing and
 * installing take a minute.
 *
 * @param scratch a folder for a service that no other run wants
 */
export async function installedService(scratch: string): Promise<InstalledService> {
  const folder = process.env.TEST_SERVICE ?? mkdtempSync(join(scratch, 'installed-'))
  const root = join(folder, 'my-app')
  const log = join(folder, 'create.log')
  if (!existsSync(log)) {
    const { program, tarball } = await packedProgram(folder)
    const words = [program, './my-app', '--yes', '--no-git', '--tool', tarball]
    // Last, because it says that the service is complete.
    writeFileSync(log, await succeed(folder, words, { CI: 'true' }))
  }
  return { root, output: readFileSync(log, 'utf8') }
}

/** Builds, packs and installs the program below a folder. */
async function packedProgram(folder: string): Promise<{ program: string; tarball: string }> {
  const checkout = resolve(import.meta.dirname, '../..')
  await succeed(checkout, ['npm', 'run', 'build'])
  await succeed(checkout, ['npm', 'pack', '--pack-destination', folder])
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '')
  const home = join(folder, 'home')
  mkdirSync(home, { recursive: true })
  await succeed(home, ['npm', 'install', '--no-save', '--prefix', home, tarball])
  return { tarball, program: join(home, 'node_modules/.bin/create-service') }
}
