import { once } from 'node:events'
import { createServer } from 'node:http'
import { vi } from 'vitest'
import { temporaryFolder } from './tree.ts'

/** Versions of a package: what the registry says against the use of each, or nothing. */
export interface Offered {
  readonly latest: string
  readonly versions: { readonly [version: string]: string | undefined }
}

/** Starts a registry on this machine and makes it that of npm. Gives its address. */
export async function startRegistry(packages: Readonly<Record<string, Offered>>): Promise<string> {
  const server = createServer((request, response) => {
    const name = decodeURIComponent(request.url?.slice(1) ?? '')
    const offered = packages[name]
    response.statusCode = offered === undefined ? 404 : 200
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(offered === undefined ? {} : documentOf(name, offered)))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  server.unref()
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const url = `http://127.0.0.1:${address.port}/`
  useRegistry(url)
  return url
}

/** Makes it the registry of npm, until the environment is put back. */
export function useRegistry(url: string): void {
  vi.stubEnv('npm_config_registry', url)
  vi.stubEnv('npm_config_cache', temporaryFolder())
}

function documentOf(name: string, { latest, versions }: Offered) {
  const entries = Object.entries(versions).map(([version, deprecated]) => [
    version,
    { name, version, deprecated, dist: { tarball: 'http://127.0.0.1/x.tgz', shasum: 'a' } },
  ])
  return { name, 'dist-tags': { latest }, versions: Object.fromEntries(entries), time: {} }
}
