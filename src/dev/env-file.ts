import { parseEnv } from 'node:util'

type Env = { readonly [name: string]: string | undefined }

/** NODE_ENV as a service reads it: white space around it and its case don't count. */
export function serviceEnvironment(env: Env): string {
  return env.NODE_ENV?.trim().toLowerCase() || 'development'
}

/** The variables of an env file. */
export function parseEnvFile(text: string): Env {
  return parseEnv(withoutMark(text))
}

/** A text without the byte order mark that some editors put in front. */
export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '')
}
