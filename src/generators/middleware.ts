import { posix } from 'node:path'
import { unitIds } from '../changes/units.ts'
import { RefusedError, usageError } from '../errors.ts'
import type { Order } from '../model/op.ts'
import type { PackageVersion } from '../model/place.ts'
import { unitId } from '../model/unit.ts'
import { refuseDevices } from '../options/device-names.ts'
import type { Names } from '../options/names.ts'
import { versions } from '../versions.ts'
import { refuseDifferent } from './again.ts'
import { defineGenerator, type Generated, type Surroundings } from './generator.ts'
import { refuseOwned } from './owned.ts'
import { foreignFile } from './plugin/foreign.ts'
import { pluginNames } from './plugin/names.ts'
import { writingOf } from './plugin/schemas.ts'

/** What `generate middleware` was asked for. */
export interface MiddlewareInput {
  readonly name: string
  /** The plugin behind which it is registered: its identifier, or its file name in kebab-case. */
  readonly after?: string | undefined
  /** The plugin before which it is registered; not both. */
  readonly before?: string | undefined
}

type Beside = { after: string } | { before: string }

/** Beside which plugin it is registered, or its usual place. */
type MiddlewareOrder = Beside | 'last' | 'before-own'

export const middleware = defineGenerator<MiddlewareInput>({
  name: 'middleware',
  summary: 'a plugin with hooks that log requests, responses and errors',

  plan(input, surroundings) {
    const names = pluginNames(input.name)
    const asked = orderOf(input, names.camel)
    const before = surroundings.recorded(unitId({ kind: 'middleware', name: names.kebab }))
    if (before) refuseDifferent(before, { order: asked })
    else refuseDevices([names.kebab], 'hooks')
    const recorded = before?.args.order as MiddlewareOrder | undefined
    const order = asked ?? recorded ?? (surroundings.isService ? 'last' : 'before-own')
    if (!surroundings.isService) return inForeign(names, order, surroundings)
    if (!before) {
      refuseTaken(names.kebab, surroundings)
      refuseOwned({ kind: 'middleware', name: names.kebab, args: {} }, surroundings)
    }
    return inService(names, order, surroundings)
  },
})

function inService(names: Names, asked: MiddlewareOrder, surroundings: Surroundings): Generated {
  const { kebab, camel } = names
  const usual = surroundings.place('middleware', `middleware-${kebab}`)
  const order = inTurn(asked, surroundings)
  return {
    head: { kind: 'middleware', name: kebab, args: { order: asked } },
    requires: [],
    folders: ['service'],
    data: { kebab },
    wiring: [],
    registrations: [
      { file: posix.join(usual.folder, `${kebab}.ts`), name: camel, order, place: usual },
    ],
  }
}

function inForeign(names: Names, order: MiddlewareOrder, surroundings: Surroundings): Generated {
  const { kebab, camel } = names
  const place = surroundings.place('middleware', `middleware-${kebab}`)
  if (place.by === 'loader' && typeof order === 'object') refuseOrder(place.folder)
  const { file } = foreignFile(kebab, place, surroundings)
  const before = surroundings.recorded(unitId({ kind: 'middleware', name: kebab }))
  const plain = { ...surroundings, schemas: () => ({ kind: 'json' }) as const }
  const { style, args } = writingOf(before, place, plain)
  return {
    head: { kind: 'middleware', name: kebab, args: { order, ...args } },
    requires: [],
    // TypeScript infers what isn't written.
    folders: [surroundings.habits.module],
    data: { kebab, file, ...apiOf(surroundings) },
    style,
    wiring: [],
    registrations: [{ file, name: camel, order: inTurn(order, surroundings), place }],
    packages: { 'fastify-plugin': pluginVersion(surroundings.habits.fastify) },
  }
}

/** Hooks run in the order in which they were generated: a new one goes behind the earlier ones. */
function inTurn(order: MiddlewareOrder, { namesIn }: Surroundings): Order {
  if (order !== 'before-own') return order
  const units = unitIds(namesIn).flatMap((id) => /^middleware-(.*)$/.exec(id)?.[1] ?? [])
  return { beforeOwn: units.map((kebab) => pluginNames(kebab).camel) }
}

const newest: PackageVersion = { major: 5, minor: 0 }

/** What a request and its reply can be asked in a version of Fastify; the newest where none is known. */
function apiOf({ versionOf, habits }: Surroundings) {
  const fastify = versionOf('fastify') ?? newest
  const isSince = (minor: number) =>
    fastify.major > 4 || (fastify.major === 4 && fastify.minor >= minor)
  return {
    hasRouteOptions: isSince(10),
    hasElapsedTime: isSince(26),
    // The types of the first versions tell fastify-plugin nothing about the instance.
    isAnnotated: habits.language === 'typescript' && !isSince(26),
  }
}

/** The newest versions that were tried with that major of Fastify. */
function pluginVersion(fastify: number): string {
  return `^${versions[fastify < 5 ? 'fastify-plugin@4' : 'fastify-plugin']}`
}

function orderOf({ after, before }: MiddlewareInput, own: string): Beside | undefined {
  if (after !== undefined && before !== undefined) {
    throw usageError('Either --after or --before, not both.')
  }
  if (after !== undefined) return { after: identifier('--after', after, own) }
  return before === undefined ? undefined : { before: identifier('--before', before, own) }
}

/** `request-id`, or `request-id.ts`, is `requestId`; an identifier is what it is. */
function identifier(flag: string, text: string, own: string): string {
  const name = text.replace(/\.[cm]?[jt]s$/, '').replace(/-+(.)/g, (_, next) => next.toUpperCase())
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) {
    throw usageError(
      `${flag} names a plugin, and ${JSON.stringify(text)} is no name.`,
      `Write it as it is registered, for example ${flag} requestId, or as its file: request-id.`,
    )
  }
  if (name === own) throw usageError(`${flag} names another plugin, not ${own} itself.`)
  return name
}

/** Refuses the name of a plugin that was not generated, whose file would have to give way. */
function refuseTaken(kebab: string, { namesIn }: Surroundings): void {
  if (!namesIn('src/http').includes(`${kebab}.ts`)) return
  throw new RefusedError([
    {
      code: 'NAME_TAKEN',
      file: `src/http/${kebab}.ts`,
      message: `${kebab} is a plugin of this service already.`,
      hint: 'Choose another name.',
    },
  ])
}

function refuseOrder(folder: string): never {
  throw new RefusedError([
    {
      code: 'NO_ANCHOR',
      file: folder,
      message: `@fastify/autoload registers what is in ${folder}, and no line says in which order.`,
      hint: 'Leave --after and --before out, and put names of plugins into `dependencies` of the new file.',
    },
  ])
}
