import { posix } from 'node:path'
import { RefusedError } from '../../errors.ts'
import type { Habits, Place } from '../../model/place.ts'
import { isIndex, leavesOut } from '../../project/file-filters.ts'
import type { Surroundings } from '../generator.ts'

/** A file that exports a plugin, as a project writes such files. */
export interface ForeignFile {
  /** The template folder. */
  readonly folder: 'typescript' | 'esm' | 'commonjs'
  /** From the project's root. */
  readonly file: string
}

/** The new file of a plugin in a project that was made elsewhere. */
export function foreignFile(
  kebab: string,
  place: Place,
  { habits, namesIn }: Pick<Surroundings, 'habits' | 'namesIn'>,
): ForeignFile {
  const name = kebab + habits.fileEnding
  if (place.by === 'loader') {
    refuseIndex(place, namesIn(place.folder))
    refuseFiltered(name, place)
  }
  return { folder: variant(habits), file: posix.join(place.folder, name) }
}

function variant({ language, module }: Habits): ForeignFile['folder'] {
  return language === 'typescript' ? 'typescript' : module
}

/** Of a folder with an index file, `@fastify/autoload` loads no other file. */
function refuseIndex({ folder, instead }: Place, names: readonly string[]): void {
  const index = names.find(isIndex)
  if (index === undefined) return
  throw new RefusedError([
    {
      code: 'NO_ANCHOR',
      file: posix.join(folder, index),
      message: `@fastify/autoload loads ${index} and no other file of ${folder}.`,
      hint: `Give ${index} another name, for example ${index.replace(/^index/i, 'root')}.${registerInstead(instead)}`,
    },
  ])
}

function registerInstead(flags: readonly string[] = []): string {
  return flags.length === 0 ? '' : ` Or register the plugin in your code: ${flags.join('  or  ')}`
}

function refuseFiltered(name: string, { folder, loadedBy, filters = [], instead }: Place): void {
  const filter = filters.find((one) => leavesOut(one, name))
  if (filter === undefined) return
  throw new RefusedError([
    {
      code: 'NO_ANCHOR',
      file: posix.join(folder, name),
      message: `@fastify/autoload would leave out ${name}: ${loadedBy} loads ${folder} with ${filter.option}: ${filter.written}.`,
      hint: `Choose another name.${registerInstead(instead)}`,
    },
  ])
}
