import type { Refusal } from '../model/refusal.ts'
import { type Candidate, isChained } from './candidates.ts'
import type { Loader } from './loaders.ts'
import type { Searched } from './searched.ts'

/** As many as a reader takes in. */
const mostShown = 8

/** Why a folder that is loaded is not taken. */
export function refuseLoaders(loaders: readonly Loader[]): Refusal {
  const [first] = loaders
  if (first !== undefined && loaders.length === 1) {
    return {
      code: 'NO_ANCHOR',
      file: first.place.loadedBy,
      message: `${first.at} loads ${first.place.folder} with @fastify/autoload, by a pattern that may leave a new file out.`,
      hint: 'Write the file by hand, under a name that the pattern takes.',
    }
  }
  return {
    code: 'AMBIGUOUS',
    message: 'Several folders are loaded by @fastify/autoload.',
    candidates: loaders.map(({ at, place }) => `${at} ${place.folder}`),
    hint: 'Write the file into one of them by hand; nothing has to be registered.',
  }
}

/** Why none of the spots is taken. */
export function refuseSpots(files: readonly Searched[], candidates: readonly Candidate[]): Refusal {
  if (candidates.length > 1) return tie(candidates)
  const chained = files.find(({ sites }) => sites.chain)?.source.path
  if (chained !== undefined && isChained(files)) {
    return {
      code: 'NO_ANCHOR',
      file: chained,
      message: `Looked for an instance of Fastify: ${chained} builds one in a single expression, and no variable holds it.`,
      hint: 'Give it a variable (const app = Fastify()) and run the command again, or chain the registration by hand.',
    }
  }
  const read = files.map(({ source }) => source.path).slice(0, mostShown)
  return {
    code: 'NO_ANCHOR',
    message: `No place was found to register it. Looked for an instance (fastify()), a function that is given one (FastifyInstance, fp(…)), a list of plugins that is looped over, and folders of @fastify/autoload, in ${read.join(', ') || 'the entries of package.json and the usual files'}.`,
    hint: 'Put the lines in by hand, or name the place with --into <file>#<function or instance>.',
  }
}

function tie(candidates: readonly Candidate[]): Refusal {
  const shown = candidates.slice(0, mostShown)
  const choices = shown
    .slice(0, 2)
    .map(({ file, site }) => `--into ${file.source.path}#${site.name}`)
  const [first] = shown
  return {
    code: 'AMBIGUOUS',
    ...(first === undefined ? {} : { file: first.file.source.path, line: first.site.line }),
    message: 'There are several places where it could be registered.',
    candidates: shown.map(({ file, site }) => `${file.source.path}:${site.line} ${site.name}`),
    hint: `Choose one: ${choices.join('  or  ')}${candidates.length > 2 ? '  …' : ''}`,
  }
}
