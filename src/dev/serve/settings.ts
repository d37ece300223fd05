import { parseEnvFile, serviceEnvironment } from '../env-file.ts'

type Env = Readonly<Record<string, string | undefined>>

/** The settings of a service that matter before it runs. */
export interface ServeSettings {
  /** Undefined if neither the environment nor the source names one. */
  readonly host: string | undefined
  /** The one that the environment names; undefined if it names none, or 0 for a free one. */
  readonly port: number | undefined
  /** The default in the source; undefined if the environment names one. */
  readonly usualPort: number | undefined
  /** Undefined if neither the environment nor the source names one. */
  readonly prefix: string | undefined
  readonly docs: boolean
  readonly hasDatabaseUrl: boolean
  /** Whether one process serves. */
  readonly isAlone: boolean
}

/**
 * Reads the environment as a service does: `.env` counts in development only, and below the
 * environment. `source` is the section with the defaults, `src/config/base.ts`, which users edit.
 */
export function settingsOf(environment: Env, envFile?: string, source = ''): ServeSettings {
  const env: Env =
    serviceEnvironment(environment) === 'development' && envFile !== undefined
      ? { ...parseEnvFile(envFile), ...environment }
      : environment
  const textOf = (variable: string) => env[variable]?.trim() || undefined
  const named = textOf('PORT')
  const usual = named === undefined ? defaultIn(source, 'PORT') : undefined
  const docs = textOf('DOCS_ENABLED') ?? String(serviceEnvironment(env) !== 'production')
  return {
    host: textOf('HOST')?.replace(/^\[(.*)\]$/, '$1') ?? defaultIn(source, 'HOST'),
    port: portIn(named),
    usualPort: portIn(usual),
    prefix: textOf('API_PREFIX') ?? defaultIn(source, 'API_PREFIX'),
    docs: docs.toLowerCase() === 'true' || docs === '1',
    hasDatabaseUrl: textOf('DATABASE_URL') !== undefined,
    isAlone: (textOf('WORKERS') ?? '1') === '1',
  }
}

function portIn(text: string | undefined): number | undefined {
  const port = Number(text ?? 0)
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined
}

function defaultIn(source: string, variable: string): string | undefined {
  const env = String.raw`(?:env: |integer\()['"]${variable}['"],\s*(?:default: )?`
  const setting = new RegExp(String.raw`${env}(?:['"]([^'"]+)['"]|(\d+))`)
  const [, text, number] = setting.exec(source) ?? []
  return text ?? number
}
