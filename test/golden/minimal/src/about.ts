import { createRequire } from 'node:module'

const manifest: { name: string; version: string; description: string } = createRequire(
  import.meta.url,
)('../package.json')

/** The name and version of the service and one sentence about it, as in package.json. */
export const { name, version, description } = manifest
