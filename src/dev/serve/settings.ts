import { parseEnvFile, serviceEnvironment } from '../env-file.ts'

type Env = Readonly<Record<string, string | undefined>>

/** What a service is going to be told, as far as it matters before it runs. */
export interface ServeSettings {
  /** Nothing where neither the environment nor the source says it. */
  readonly host: string | undefined
  /** That was asked for; nothing where that is left to the source or to the system. */
  readonly port: number | undefined
  /** Nothing where neither the environment nor the source says it. */
  readonly prefix: string | undefined
  readonly docs: boolean
  readonly hasDatabaseUrl: boolean
  /** Whether one process serves. */
  readonly isAlone: boolean
}

/**
 * Reads the environment as a service does: `.env` counts in development only, and less. `source` is
 * that of the section with the defaults, `src/config/base.ts`, which belongs to the user.
 */
export function settingsOf(environment: Env, envFile?: string, source = ''): ServeSettings {
  const env: Env =
    serviceEnvironment(environment) === 'development' && envFile !== undefined
      ? { ...parseEnvFile(envFile), ...environment }
      : environment
  const textOf = (variable: string) => env[variable]?.trim() || undefined
  const port = Number(textOf('PORT') ?? 0)
  const docs = textOf('DOCS_ENABLED') ?? String(serviceEnvironment(env) !== 'production')
  return {
    host: textOf('HOST')?.replace(/^\[(.*)\]$/, '$1') ?? defaultIn(source, 'HOST'),
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined,
    prefix: textOf('API_PREFIX') ?? defaultIn(source, 'API_PREFIX'),
    docs: docs.toLowerCase() === 'true' || docs === '1',
    hasDatabaseUrl: textOf('DATABASE_URL') !== undefined,
    isAlone: (textOf('WORKERS') ?? '1') === '1',
  }
}

function defaultIn(source: string, variable: string): string | undefined {
  return new RegExp(`env: ['"]${variable}['"],\\s*default: ['"]([^'"]+)['"]`).exec(source)?.[1]
}
