import fc from 'fast-check'
import { afterAll, inject, vi } from 'vitest'
import { removeTemporaryFolders } from './tree.ts'

fc.configureGlobal({ seed: inject('seed') })

afterAll(() => {
  vi.unstubAllEnvs()
  removeTemporaryFolders()
})
