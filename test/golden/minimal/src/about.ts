import { createRequire } from 'node:module'

const manifest: { name: string; version: string; description: string } = createRequire(
  import.meta.url,
)('../package.json')

/** Name of the service, as in package.json. */
export const name = manifest.name

/** Version of the service, as in package.json. */
export const version = manifest.version

/** One sentence about the service, as in package.json. */
export const description = manifest.description
