import { posix } from 'node:path'
import { unitId } from '../model/unit.ts'
import { refuseDevices } from '../options/device-names.ts'
import type { Names } from '../options/names.ts'
import { refuseDifferent } from './again.ts'
import { defineGenerator, type Generated, type Surroundings } from './generator.ts'
import { refuseOwned } from './owned.ts'
import { foreignFile } from './plugin/foreign.ts'
import { pluginNames } from './plugin/names.ts'
import { routerSchemas, schemaNotices, writingOf } from './plugin/schemas.ts'
import { call, layOut } from './resource/layout.ts'
import { quoted } from './resource/literal.ts'
import { mountAt, mountedPath } from './router/mount.ts'
import { parsePrefix, samplePath } from './router/prefix.ts'
import { parseTag } from './router/tag.ts'
import { refuseTaken } from './router/taken.ts'

/** What `generate router` was asked for. */
export interface RouterInput {
  readonly name: string
  /** The path of the routes; without it `/<name>`, in a service under the prefix of its API. */
  readonly prefix?: string | undefined
  /** The tag in the documentation; without it the name. */
  readonly tag?: string | undefined
}

/** What is recorded of a router; null stands for a path under the prefix of the API. */
type RouterArgs = { readonly prefix: string | null; readonly tag: string }

export const router = defineGenerator<RouterInput>({
  name: 'router',
  summary: 'routes at a path of their own, to begin with a health check',

  plan(input, surroundings) {
    const names = pluginNames(input.name)
    const { kebab } = names
    const usual = surroundings.isService ? null : `/${kebab}`
    const asked = {
      prefix: input.prefix === undefined ? undefined : parsePrefix(input.prefix),
      tag: input.tag === undefined ? undefined : parseTag(input.tag),
    }
    const before = surroundings.recorded(unitId({ kind: 'router', name: kebab }))
    if (before) refuseDifferent(before, asked)
    else refuseDevices([kebab], 'routes')
    const args: RouterArgs = {
      prefix: asked.prefix ?? recordedText(before?.args.prefix) ?? usual,
      tag: asked.tag ?? recordedText(before?.args.tag) ?? kebab,
    }
    if (!before && surroundings.isService) {
      refuseTaken(kebab, args.prefix === null, surroundings)
      refuseOwned({ kind: 'router', name: kebab, args }, surroundings)
    }
    const place = surroundings.isService ? inService : inForeign
    return place(names, args, surroundings)
  },
})

function inService(names: Names, args: RouterArgs, surroundings: Surroundings): Generated {
  const { place, isUnderApi } = placeInService(names.kebab, args.prefix, surroundings)
  return {
    head: { kind: 'router', name: names.kebab, args },
    requires: [],
    folders: ['service'],
    data: { ...routerData(names, args), isUnderApi },
    wiring: [],
    registrations: [
      {
        file: posix.join(place.folder, `${names.kebab}.ts`),
        name: names.camel,
        prefix: args.prefix ?? `/${names.kebab}`,
        order: isUnderApi ? 'by-name' : 'last',
        place,
      },
    ],
  }
}

/** With a path of its own not among the resources, which are below the API, but in the app itself. */
function placeInService(kebab: string, prefix: string | null, { paths, place }: Surroundings) {
  const usual = place('router', `router-${kebab}`)
  const isAmongResources = usual.site?.path === paths.resources
  if (prefix === null || !isAmongResources) return { place: usual, isUnderApi: isAmongResources }
  const site = { path: paths.appFactory, within: 'buildApp' }
  return { place: { ...usual, site }, isUnderApi: false }
}

function inForeign(names: Names, args: RouterArgs, surroundings: Surroundings): Generated {
  const place = surroundings.place('router', `router-${names.kebab}`)
  const { folder, file } = foreignFile(names.kebab, place, surroundings)
  const asked = args.prefix ?? `/${names.kebab}`
  const head = { kind: 'router', name: names.kebab, args } as const
  const before = surroundings.recorded(unitId(head))
  if (before === undefined) {
    refuseOwned({ ...head, args: { ...args, prefix: mountedPath(asked, place) } }, surroundings)
  }
  const { prefix, where, notices } = mountAt(asked, place)
  const { schemas, style, args: more } = writingOf(before, place, surroundings)
  return {
    head: { ...head, args: { ...args, ...more } },
    requires: [],
    folders: [schemas.kind === 'unknown' ? `${folder}-bare` : folder],
    data: {
      ...routerData(names, args),
      ...routerSchemas(schemas, folder),
      prefix,
      where,
      file,
    },
    style,
    wiring: [],
    registrations: [{ file, name: names.camel, order: 'last', place }],
    notices: [...schemaNotices(schemas), ...notices],
  }
}

/** What the templates of a router may refer to. */
export function routerData(names: Names, { prefix, tag }: RouterArgs) {
  const { pascal, camel, kebab, phrase } = names
  const path = prefix ?? `/${kebab}`
  const signature = call(camel, 'app: FastifyInstance')
  return {
    pascal,
    camel,
    kebab,
    phrase,
    prefix: path,
    samplePath: samplePath(path),
    tag: quoted(tag),
    signature: layOut('export default async function ', signature, ': Promise<void> {', 0),
  }
}

function recordedText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
