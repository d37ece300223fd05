import { join } from 'node:path'
import { baseUrl } from '../dev/serve/addresses.ts'
import { settingsOf } from '../dev/serve/settings.ts'
import type { Generated, Surroundings } from '../generators/generator.ts'
import type { Io } from '../model/io.ts'
import type { Project, Service } from '../model/project.ts'
import { readTextIfAny } from '../system/files.ts'

/** The routes of a generated thing in a service, who may call them and where they are documented. */
export function generatedText(
  generated: Generated,
  project: Project,
  { apiPrefix }: Pick<Surroundings, 'apiPrefix'>,
  env: Io['env'],
): readonly string[] {
  const routes = routesOf(generated, apiPrefix)
  if (project.kind !== 'service' || routes === undefined) return []
  const docs = docsAddress(project, env)
  return [
    `Routes: ${routes}`,
    `Access: ${accessOf(generated, project)}`,
    ...(docs === undefined ? [] : [`Docs:   ${docs} (while the service runs)`]),
  ]
}

function routesOf({ head, folders }: Generated, apiPrefix: string): string | undefined {
  const { kind, name, args } = head
  if (kind === 'router') return `GET ${args.prefix ?? `${apiPrefix}/${name}`}/health`
  if (kind !== 'resource' || !folders.includes('router')) return undefined
  const path = `${apiPrefix}/${args.plural}`
  return `GET, POST ${path}; GET, PUT, PATCH, DELETE ${path}/:id`
}

function accessOf({ head: { kind, args } }: Generated, { manifest }: Service): string {
  if (kind === 'router' || args.public === true) return 'open to anyone, no login needed'
  return manifest.features.includes('auth')
    ? `needs a login with ${args.plural}:read or ${args.plural}:write (admin has both)`
    : "open to anyone until you add auth, which this service doesn't have"
}

function docsAddress({ root }: Service, env: Io['env']): string | undefined {
  const read = (path: string) => readTextIfAny(join(root, path))
  const settings = settingsOf(env, read('.env'), read('src/config/base.ts'))
  const port = settings.port ?? settings.usualPort
  if (port === undefined || settings.host === undefined) return undefined
  return settings.docs ? `${baseUrl({ host: settings.host, port })}/docs` : undefined
}
