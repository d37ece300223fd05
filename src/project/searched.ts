import { type FileFlows, fastifyFlows } from '../edits/reached.ts'
import { type FastifySites, fastifySites } from '../edits/sites.ts'
import { type SourceText, type StartFiles, withoutEnding } from './sources.ts'

/** A file with what of Fastify is in it. */
export interface Searched {
  readonly source: SourceText
  readonly sites: FastifySites
  readonly flows: FileFlows
  /** Whether it is only imported by one of the files in which an app is usually made. */
  readonly isImported: boolean
  /** Whether its plugin is what `fastify start` is given. */
  readonly isStarted: boolean
  /** Whether package.json starts the app with it. */
  readonly isEntry: boolean
}

export function search(
  sources: readonly SourceText[],
  isImported: boolean,
  { started = [], entries = [] }: Partial<StartFiles> = {},
): readonly Searched[] {
  return sources.map((source) => ({
    source,
    sites: fastifySites(source.path, source.text),
    flows: fastifyFlows(source.path, source.text),
    isImported,
    isStarted: started.includes(withoutEnding(source.path)),
    isEntry: entries.includes(withoutEnding(source.path)),
  }))
}

/** Whether an app is made in a file, or its plugins are listed; a function that is given one may be anything. */
export function makesApp({ sites }: Searched): boolean {
  const { instances, lists, autoloads, chain } = sites
  return chain || instances.length + lists.length + autoloads.length > 0
}
