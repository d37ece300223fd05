import type { Facts } from '../facts.ts'
import { withoutCredentials } from '../info/secrets.ts'
import { type Declared, declaredIn } from './declared.ts'
import type { Ask, Told } from './registry.ts'
import { chooseVersion, compareVersions, type Published } from './versions.ts'

/** A direct dependency and what the registry says about it. */
export interface Dependency extends Omit<Declared, 'asked'> {
  /** The version that an install would take today. */
  readonly wanted: string | undefined
  readonly latest: string | undefined
  /** Why the installed version, or else the wanted one, is deprecated. */
  readonly deprecated: string | undefined
  readonly isOutdated: boolean
  /** `local` didn't come from a registry; `unasked` is unknown because the registry didn't answer. */
  readonly source: 'registry' | 'local' | 'unknown' | 'unasked'
}

export interface Dependencies {
  readonly dependencies: readonly Dependency[]
  /** What could not be learnt, a line each. */
  readonly problems: readonly string[]
}

/** Asks about every direct dependency, a few at a time; stops if the registry doesn't answer. */
export async function inspectDependencies(
  facts: Pick<Facts, 'levels'>,
  ask: Ask,
  atOnce: number,
  progress: (done: number, all: number) => void = () => {},
): Promise<Dependencies> {
  const all = declaredIn(facts)
  let done = 0
  const problems: string[] = []
  let isReachable = true
  const inspect = async (declared: Declared): Promise<Dependency> => {
    if (declared.asked === undefined) return withoutAnswer(declared, 'local')
    if (!isReachable) return withoutAnswer(declared, 'unasked')
    const told = await tell(declared, declared.asked, ask)
    if (told.state === 'told') return withAnswer(declared, told)
    if (told.state === 'unknown')
      problems.push(`${declared.name}: ${withoutCredentials(told.message)}`)
    else if (isReachable) {
      isReachable = false
      const why = withoutCredentials(told.message)
      problems.push(`The registry doesn't answer: ${why}. Only local facts are shown.`)
    }
    return withoutAnswer(declared, told.state === 'unknown' ? 'unknown' : 'unasked')
  }
  const dependencies = await eachOf(all, atOnce, async (declared) => {
    const inspected = await inspect(declared)
    done += 1
    progress(done, all.length)
    return inspected
  })
  return { dependencies, problems }
}

interface Facet {
  readonly state: 'told'
  readonly wanted: Published | undefined
  readonly installed: Published | undefined
  readonly latest: string | undefined
}

/** Asks for the range, and for the installed version if the answer doesn't include it. */
async function tell(
  { installed }: Declared,
  { name, range }: NonNullable<Declared['asked']>,
  ask: Ask,
): Promise<Facet | Exclude<Told, { state: 'told' }>> {
  const first = await ask(`${name}@${range ?? installed ?? 'latest'}`)
  if (first.state !== 'told') return first
  const wanted = range === undefined ? undefined : chooseVersion(first.published)
  const latest = first.published.find((one) => one.latest !== undefined)?.latest
  const known = first.published.find(({ version }) => version === installed)
  if (known !== undefined || installed === undefined) {
    return { state: 'told', wanted, latest, installed: known }
  }
  const second = await ask(`${name}@${installed}`)
  if (second.state === 'unreachable') return second
  const own = second.state === 'told' ? second.published[0] : undefined
  return { state: 'told', wanted, latest, installed: own }
}

function withAnswer(declared: Declared, facet: Facet): Dependency {
  const { name, kind, installed } = declared
  const wanted = facet.wanted?.version
  const newest = [wanted, facet.latest].filter((version) => version !== undefined)
  return {
    name,
    kind,
    range: withoutCredentials(declared.range),
    installed,
    wanted,
    latest: facet.latest,
    deprecated: installed === undefined ? facet.wanted?.deprecated : facet.installed?.deprecated,
    isOutdated:
      installed !== undefined && newest.some((version) => compareVersions(installed, version) < 0),
    source: 'registry',
  }
}

function withoutAnswer(declared: Declared, source: Dependency['source']): Dependency {
  const { name, kind, installed } = declared
  const range = withoutCredentials(declared.range)
  const nothing = { wanted: undefined, latest: undefined, deprecated: undefined }
  return { name, kind, range, installed, ...nothing, isOutdated: false, source }
}

/** Like `map`, with so many under way at a time; the order stays. */
async function eachOf<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const done = new Map<T, R>()
  const waiting = [...items]
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      done.set(item, await work(item))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return items.flatMap((item) => done.get(item) ?? [])
}
