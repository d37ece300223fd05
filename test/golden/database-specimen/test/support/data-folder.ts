import { cpSync, existsSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import { FolderInUseError, type FolderLock, lockFolder } from '../../src/db/embedded.ts'

const { version } = createRequire(import.meta.resolve('@electric-sql/pglite'))('../package.json')
const template = fileURLToPath(
  new URL(`../../node_modules/.cache/pglite-${version}/`, import.meta.url),
)

let made: Promise<void> | undefined

/**
 * Puts an empty PGlite where a service that runs in `folder` looks for its data.
 * Creating a PGlite takes seconds, so it is created once and copied from then on.
 */
export default async function dataFolder(folder: string): Promise<void> {
  await copyTemplate(join(folder, '.data'))
}

/** A new folder for DATA_DIR, with an empty PGlite in it; the caller removes it. */
export async function newDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'data-'))
  await copyTemplate(folder)
  return folder
}

async function copyTemplate(dataDir: string): Promise<void> {
  made ??= existsSync(template) ? Promise.resolve() : makeTemplate()
  await made
  // With hundreds of small files, the synchronous copy takes a fifth of the time.
  cpSync(template, join(dataDir, 'pglite'), { recursive: true })
}

/** One worker makes it; the others wait. */
async function makeTemplate(): Promise<void> {
  const draft = join(`${template.slice(0, -1)}-draft`, 'pglite')
  const lock = await lockWhenFree(dirname(draft))
  try {
    if (existsSync(template)) return
    // What a worker left that was stopped.
    await rm(draft, { recursive: true, force: true })
    const pglite = await PGlite.create(draft, { initDbStartParams: ['--wal-segsize=1'] })
    // Two thirds of the files belong to databases that are only there to be copied.
    await pglite.exec('UPDATE pg_database SET datistemplate = false')
    for (const name of ['template0', 'template1']) await pglite.exec(`DROP DATABASE ${name}`)
    await pglite.close()
    await rename(draft, template)
  } finally {
    await lock.release()
  }
}

async function lockWhenFree(folder: string): Promise<FolderLock> {
  for (;;) {
    try {
      return await lockFolder(folder)
    } catch (error) {
      if (!(error instanceof FolderInUseError)) throw error
      await setTimeout(50)
    }
  }
}
