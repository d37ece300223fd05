import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { temporaryFolder } from '../support/tree.ts'

/** A file of this folder as a program that plain Node runs: its path. */
export async function bundled(name: string): Promise<string> {
  const bundle = await rolldown({
    input: join(import.meta.dirname, `${name}.ts`),
    platform: 'node',
  })
  const file = join(temporaryFolder(), `${name}.mjs`)
  await bundle.write({ file, format: 'esm', codeSplitting: false })
  await bundle.close()
  return file
}
