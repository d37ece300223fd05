import { loadConfig } from '../../src/config/index.ts'

/** What of the service forbids several workers here, if anything. */
export function workersRefusal(): string | undefined {
  try {
    loadConfig({ NODE_ENV: 'test', WORKERS: '2' })
    return undefined
  } catch (error) {
    return String(error)
  }
}
