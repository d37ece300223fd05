import type { RateLimit, RouteLimit } from '../http/route-policy.ts'

/** The limits that routes call by their names; `window` is in seconds. */
export type Presets = Readonly<Record<'standard' | 'strict' | 'user', NamedLimit>>

/** A limit with the name that headers and logs show. */
export interface NamedLimit extends RouteLimit {
  name: string
}

/**
 * `standard` is what the configuration says, and holds for routes that say nothing; `strict` is for
 * what is dear or worth an attack, such as a login; `user` counts by user, whatever the API key.
 */
export function presetsOf({ limit, window }: { limit: number; window: number }): Presets {
  return {
    standard: { name: 'default', limit, window },
    strict: { name: 'strict', limit: 10, window: 60 },
    user: { name: 'user', limit: 50, window: 60, key: 'user' },
  }
}

/** What a route that says `declared` is limited to; undefined for one without a limit. */
export function limitOf(declared: RateLimit | undefined, presets: Presets): NamedLimit | undefined {
  if (declared === false) return undefined
  if (declared === undefined) return presets.standard
  if (typeof declared === 'string') return presets[declared]
  return { name: 'route', ...declared }
}
