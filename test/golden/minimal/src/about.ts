import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const manifest: { name: string; version: string; description: string } = require('../package.json')

/** The name and version of the service and one sentence about it, as in package.json. */
export const { name, version, description } = manifest
