import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import dataFolder from './data-folder.ts'

/** A working folder for a server of its own; whoever asks for it removes it. */
export async function serverFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'server-'))
  await dataFolder(folder)
  return folder
}
