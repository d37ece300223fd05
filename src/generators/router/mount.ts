import type { Place } from '../../model/place.ts'

/** How routes come to be at a path in a place that may put a prefix before them. */
export interface Mount {
  /** What the file itself has to put before its routes. */
  readonly prefix: string
  /** Where they are then, as the comment in the file says it. */
  readonly where: string
  /** What the user should know before anything is written. */
  readonly notices: readonly string[]
}

/** The path at which routes are that ask for a path in a place. */
export function mountedPath(asked: string, { prefix = '' }: Pick<Place, 'prefix'>): string {
  return prefix + ownPrefix(asked, prefix)
}

/**
 * Mounts routes at a path: of one that begins with the prefix of the place only the rest is left to
 * the file. Any other path comes below that prefix.
 */
export function mountAt(asked: string, place: Place): Mount {
  const prefix = ownPrefix(asked, place.prefix ?? '')
  const path = mountedPath(asked, place)
  const { unknownPrefix } = place
  if (unknownPrefix !== undefined) {
    return {
      prefix,
      where: `at \`${path}\`, below the prefix that they are registered with`,
      notices: [
        `${routesOf(place)} get a prefix that is known at run time only, ${unknownPrefix}: these answer below it, at ${path}.`,
      ],
    }
  }
  const notices =
    place.prefix === undefined
      ? []
      : [`${routesOf(place)} get the prefix ${place.prefix}: these answer at ${path}.`]
  return { prefix, where: `at \`${path}\``, notices }
}

function routesOf({ by, folder, loadedBy, site }: Place): string {
  return by === 'loader'
    ? `Routes in ${folder}, which @fastify/autoload loads in ${loadedBy},`
    : `Routes that are registered in ${site?.path}${site?.within === undefined ? '' : `#${site.within}`}`
}

function ownPrefix(asked: string, above: string): string {
  return above !== '' && `${asked}/`.startsWith(`${above}/`) ? asked.slice(above.length) : asked
}
