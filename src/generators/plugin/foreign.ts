import { posix } from 'node:path'
import { RefusedError } from '../../errors.ts'
import type { Habits, Place } from '../../model/place.ts'
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
  if (place.by === 'loader') refuseIndex(place.folder, namesIn(place.folder))
  return {
    folder: variant(habits),
    file: posix.join(place.folder, kebab + habits.fileEnding),
  }
}

function variant({ language, module }: Habits): ForeignFile['folder'] {
  return language === 'typescript' ? 'typescript' : module
}

/** Of a folder with an index file, `@fastify/autoload` loads no other file. */
function refuseIndex(folder: string, names: readonly string[]): void {
  const index = names.find((name) => /^index\.[cm]?[jt]s$/i.test(name))
  if (index === undefined) return
  throw new RefusedError([
    {
      code: 'NO_ANCHOR',
      file: posix.join(folder, index),
      message: `@fastify/autoload loads ${index} and no other file of ${folder}.`,
      hint: `Give ${index} another name, for example ${index.replace(/^index/i, 'root')}.`,
    },
  ])
}
