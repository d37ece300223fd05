import { cpSync, existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PGlite } from '@electric-sql/pglite'

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
  // With a thousand small files, the synchronous copy takes a fifth of the time.
  cpSync(template, join(dataDir, 'pglite'), { recursive: true })
}

async function makeTemplate(): Promise<void> {
  const draft = `${template.slice(0, -1)}-${process.pid}`
  await mkdir(draft, { recursive: true })
  const pglite = await PGlite.create(draft)
  await pglite.close()
  // Another worker may have been faster; its folder is just as good.
  await rename(draft, template).catch(() => rm(draft, { recursive: true }))
}
