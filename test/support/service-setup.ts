import type { TestProject } from 'vitest/node'
import { type InstalledService, installedService } from './installed-service.ts'

declare module 'vitest' {
  interface ProvidedContext {
    service: InstalledService
  }
}

/** Runs before the end-to-end tests, which take copies of the service with `copiedService`. */
export default async function setup(project: TestProject): Promise<void> {
  const { scratch } = project.getProvidedContext()
  project.provide('service', await installedService(scratch))
}
