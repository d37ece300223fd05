import { type FastifySites, fastifySites } from '../edits/sites.ts'
import type { SourceText } from './sources.ts'

/** A file with what of Fastify is in it. */
export interface Searched {
  readonly source: SourceText
  readonly sites: FastifySites
}

export function search(sources: readonly SourceText[]): readonly Searched[] {
  return sources.map((source) => ({ source, sites: fastifySites(source.path, source.text) }))
}

/** Whether an app is made in a file, or its plugins are listed; a function that is given one may be anything. */
export function makesApp({ sites }: Searched): boolean {
  const { instances, lists, autoloads, chain } = sites
  return chain || instances.length + lists.length + autoloads.length > 0
}
