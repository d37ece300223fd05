import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { Env } from './index.ts'

/**
 * Adds the variables of `<folder>/.env` to `env`, in development only; `env` wins.
 *
 * Production and tests never read the file: what they use comes from outside, visibly.
 */
export function withEnvFile(env: Env, folder: string): Env {
  const file = join(folder, '.env')
  if ((env.NODE_ENV || 'development') !== 'development' || !existsSync(file)) return env
  return { ...parseEnv(readFileSync(file, 'utf8')), ...env }
}
