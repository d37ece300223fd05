import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type InstalledService, installedService } from './installed-service.ts'

declare module 'vitest' {
  interface ProvidedContext {
    service: InstalledService
  }
}

/**
 * Runs before the end-to-end tests, which take copies of the service with `copiedService`. Vitest may
 * run it before the setup of the whole run, so it has a folder of its own.
 */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'create-service-installed-'))
  project.provide('service', await installedService(folder))
  return () => rmSync(folder, { recursive: true, force: true })
}
