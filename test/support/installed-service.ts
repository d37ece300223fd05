import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { packedProgram } from './packed.ts'
import { succeed } from './processes.ts'

/** A service that the packed program has created and installed, once for every e2e test. */
export interface InstalledService {
  readonly root: string
  /** What the creation printed. */
  readonly output: string
}

declare module 'vitest' {
  interface ProvidedContext {
    service: InstalledService
  }
}

/** Runs before the e2e tests, which get a copy of the service with `copiedService`. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'create-service-'))
  const { program, tarball } = await packedProgram(folder)
  const words = [...program, './my-app', '--yes', '--no-git', '--tool', tarball]
  const output = await succeed(folder, words, { CI: 'true' })
  project.provide('service', { root: join(folder, 'my-app'), output })
  return () => rmSync(folder, { recursive: true, force: true })
}
