import { applyOp } from '../edits/index.ts'
import type { Refusal } from '../model/refusal.ts'
import { type Candidate, isChained } from './candidates.ts'
import type { Loader } from './loaders.ts'
import type { Searched } from './searched.ts'

/** As many as a reader takes in. */
const mostShown = 8
const mostNamed = 3

/** Why a folder that is loaded is not taken, and which spots are there beside it. */
export function refuseLoaders(loaders: readonly Loader[], others: readonly Candidate[]): Refusal {
  const [first] = loaders
  const open = others.filter(isOpen)
  if (first !== undefined && loaders.length === 1) {
    return {
      code: 'NO_ANCHOR',
      file: first.place.loadedBy,
      message: `${first.at} loads ${first.place.folder} with @fastify/autoload, and ${filterOf(first)} may leave a new file out.`,
      ...listed(open),
      hint: `Register the plugin in your code instead: ${flagsOf(open)}`,
    }
  }
  return {
    code: 'AMBIGUOUS',
    message: 'Several folders are loaded by @fastify/autoload.',
    candidates: loaders.map(({ at, place }) => `${at} ${place.folder}`),
    hint: `Register the plugin in your code instead: ${flagsOf(open)}`,
  }
}

function filterOf({ choosy }: Loader): string {
  return choosy === undefined ? 'its options' : `${choosy.option}: ${choosy.written}`
}

/** Why none of the spots is taken. */
export function refuseSpots(
  files: readonly Searched[],
  candidates: readonly Candidate[],
  others: readonly Candidate[],
): Refusal {
  if (candidates.length > 1) return tie(candidates)
  const chained = files.find(({ sites }) => sites.chain)?.source.path
  if (chained !== undefined && isChained(files)) {
    return {
      code: 'NO_ANCHOR',
      file: chained,
      message: `${chained} builds its Fastify instance in a single expression, and no variable holds it.`,
      hint: `Give it a variable (const app = Fastify()) and run the command again. Or add these lines by hand, then run it with --into ${chained}.`,
    }
  }
  const open = others.filter(isOpen)
  const read = files.map(({ source }) => source.path)
  const more = read.length > mostShown ? ` and ${read.length - mostShown} more` : ''
  const where = read.slice(0, mostShown).join(', ') || 'the entries of package.json'
  const [file] = [...open.map(({ source }) => source.path), ...read]
  const leaves =
    open.length === 0
      ? ''
      : ' These functions are given an instance, but are only parts of the app:'
  return {
    code: 'NO_ANCHOR',
    ...(file === undefined ? {} : { file }),
    message: `No place to register it was found in ${where}${more}. Looked for an instance (fastify()), a function that is given one (FastifyInstance, fp(…)) and registers plugins of this project, a list of plugins that a loop registers, and folders of @fastify/autoload.${leaves}`,
    ...listed(open),
    hint: `Name the place: ${flagsOf(open)}`,
  }
}

function tie(candidates: readonly Candidate[]): Refusal {
  const [first] = candidates
  return {
    code: 'AMBIGUOUS',
    ...(first === undefined ? {} : { file: first.source.path, line: first.line }),
    message: 'It could be registered in several places.',
    ...listed(candidates),
    hint: `Choose one: ${flagsOf(candidates)}`,
  }
}

function listed(candidates: readonly Candidate[]): Pick<Refusal, 'candidates'> {
  if (candidates.length === 0) return {}
  const shown = candidates.slice(0, mostShown)
  return { candidates: shown.map(({ source, line, name }) => `${source.path}:${line} ${name}`) }
}

/** What `--into` may be given so that a line is added. */
export function openFlags(candidates: readonly Candidate[]): readonly string[] {
  return candidates
    .filter(isOpen)
    .slice(0, mostNamed)
    .map(({ source, name }) => `--into ${source.path}#${name}`)
}

/** What to type; a general form where nothing is known. */
function flagsOf(candidates: readonly Candidate[]): string {
  if (candidates.length === 0) {
    return '--into <file>#<function>, a function that is given the Fastify instance.'
  }
  const flags = candidates
    .slice(0, mostNamed)
    .map(({ source, name }) => `--into ${source.path}#${name}`)
  return `${flags.join('  or  ')}${candidates.length > mostNamed ? '  …' : ''}`
}

/** Whether a line can be put in there, so that the advice holds. */
function isOpen({ source, name, isList }: Candidate): boolean {
  const order = 'last'
  const op = isList
    ? ({ op: 'ensureListItem', list: name, name: 'sample', item: 'sample', order } as const)
    : ({
        op: 'ensureStatement',
        within: name,
        name: 'sample',
        statement: 'await app.register(sample)',
        order,
      } as const)
  return applyOp(source.path, source.text, op).state === 'applied'
}
