import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder that holds every temporary folder of this run. */
    scratch: string
    /** Where all that is random in this run starts from. */
    seed: number
  }
}

/** Runs once before all tests: prints the seed, and makes a folder that is removed at the end. */
export default function setup(project: TestProject): () => void {
  const seed = Number(process.env.TEST_SEED ?? randomInt(2 ** 31))
  process.stderr.write(`Random tests start from ${seed}; TEST_SEED=${seed} repeats them.\n`)
  project.provide('seed', seed)
  const scratch = mkdtempSync(join(tmpdir(), 'create-service-'))
  project.provide('scratch', scratch)
  project.onTestsRerun(async () =>
    rmSync(join(scratch, 'services'), { recursive: true, force: true }),
  )
  return () => rmSync(scratch, { recursive: true, force: true })
}
