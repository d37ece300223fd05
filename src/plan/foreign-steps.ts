import type { Generated, Registration } from '../generators/generator.ts'
import type { Habits } from '../model/place.ts'
import type { ForeignManifest, ForeignProject } from '../model/project.ts'
import type { Step } from '../model/step.ts'
import { unitId } from '../model/unit.ts'
import { aliasesOf } from '../project/aliases.ts'
import { hasFastifyToBuild, packageAt } from '../project/package.ts'
import { compilerOptionsOf } from '../project/tsconfig.ts'
import { toolVersion } from '../versions.ts'
import { lastingPlace } from './registration.ts'

/** What precedes a generated thing in a project that was made elsewhere: the manifest, on first use. */
export function foreignSteps(generated: Generated, noun: string, project: ForeignProject) {
  const { manifest, isRecorded, root } = project
  const own = packageAt(root) ?? {}
  // What is bundled stands where Fastify does.
  const isBundled = hasFastifyToBuild(own)
  const registration = generated.registrations?.[0]
  const isNew = project.unit(unitId(generated.head))?.args.place === undefined
  const places = {
    ...(isRecorded ? manifest.places : {}),
    ...(isNew ? placeOf(noun, registration) : {}),
  }
  const set: ForeignManifest = { ...manifest, version: toolVersion, places }
  return {
    steps: [{ kind: 'manifest', set } as const],
    packages: packageSteps(
      generated,
      Object.keys({ ...own.peerDependencies, ...own.devDependencies }),
      isBundled ? 'devDependencies' : 'dependencies',
    ),
    notices: [
      ...(isRecorded ? [] : [describe(manifest.habits, registration)]),
      ...Object.keys(generated.packages ?? {})
        .filter((name) => !isBundled && own.devDependencies?.[name] !== undefined)
        .map((name) => `${name} is among devDependencies; the app needs it at run time.`),
    ],
    aliases: aliasesOf(own, compilerOptionsOf(root)),
  }
}

function placeOf(noun: string, registration: Registration | undefined) {
  if (registration === undefined) return {}
  return { [noun === 'middleware' ? noun : 'router']: lastingPlace(registration.place) }
}

function packageSteps(
  { head, packages = {} }: Generated,
  present: readonly string[],
  field: 'dependencies' | 'devDependencies',
): readonly Step[] {
  return Object.entries(packages)
    .filter(([name]) => !present.includes(name))
    .map(([name, value]) => ({
      kind: 'edit',
      unit: unitId(head),
      path: 'package.json',
      op: { op: 'ensureJson', path: [field, name], value, sorted: true },
    }))
}

/** What was found out, for the preview of the first use. */
function describe(
  { language, module, fastify }: Habits,
  registration: Registration | undefined,
): string {
  const name = { typescript: 'TypeScript', javascript: 'JavaScript' }[language]
  const modules = { esm: 'ES modules', commonjs: 'CommonJS' }[module]
  const found = `Found here: Fastify ${fastify}, ${name}, ${modules}.`
  if (registration === undefined) return found
  const { folder, by, site } = registration.place
  if (by === 'loader') {
    return `${found} ${folder} is loaded by @fastify/autoload.`
  }
  const where = site?.within === undefined ? '' : `, in ${site.within}`
  return `${found} Files go to ${folder}; they are registered in ${site?.path}${where}.`
}
