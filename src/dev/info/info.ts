import { basename } from 'node:path'
import { unitIds } from '../../changes/units.ts'
import type { PackageManager, Project } from '../../model/project.ts'
import { installedPackage, lockFileIn } from '../../project/package.ts'
import { toolVersion } from '../../versions.ts'
import { installedVersionOf } from '../deps/registry.ts'
import type { Facts } from '../facts.ts'
import { type ToolRow, toolsOf } from '../tools/tools.ts'
import { environmentOf, type Variable } from './environment.ts'
import { withoutCredentials } from './secrets.ts'

/** What there is to know about a project before anything is run. */
export interface Info {
  readonly node: string
  readonly platform: string
  readonly packageManager: {
    readonly name: PackageManager
    /** Nothing where it is not installed. */
    readonly version: string | undefined
    readonly lockFile: string | undefined
  }
  readonly createService: {
    /** Of the program that runs. */
    readonly version: string
    /** Of the one in the project's node_modules. */
    readonly installed: string | undefined
    /** Of the one that wrote the project last. */
    readonly recorded: string | undefined
  }
  readonly project: {
    readonly name: string
    readonly root: string
    readonly kind: Project['kind']
    readonly isInstalled: boolean
  }
  readonly fastify: { readonly asked: string | undefined; readonly installed: string | undefined }
  readonly features: readonly string[]
  /** How many of each kind were generated. */
  readonly units: { readonly [kind: string]: number }
  readonly tools: readonly ToolRow[]
  readonly environment: readonly Variable[] | undefined
}

/** Looks at a project; with `env` also at the variables that concern it, secrets masked. */
export async function infoOf(
  project: Project,
  facts: Facts,
  env?: { readonly [name: string]: string | undefined },
): Promise<Info> {
  const { root, isService, levels, packageManager } = facts
  const own = levels[0].package
  const asked = own.dependencies?.fastify ?? own.peerDependencies?.fastify
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    packageManager: {
      name: packageManager,
      version: await installedVersionOf(packageManager, root),
      lockFile: nearestLockFile(facts),
    },
    createService: {
      version: toolVersion,
      installed: installedIn(facts, 'create-service'),
      recorded: isRecorded(project) ? project.manifest.version : undefined,
    },
    project: {
      name: own.name ?? basename(root),
      root,
      kind: project.kind,
      isInstalled: isInstalled(facts),
    },
    fastify: {
      asked: asked === undefined ? undefined : withoutCredentials(asked),
      installed: installedIn(facts, 'fastify'),
    },
    features: facts.features,
    units: countUnits(project),
    tools: toolsOf(facts),
    environment: env === undefined ? undefined : environmentOf(root, isService, env),
  }
}

function isRecorded(project: Project): boolean {
  return project.kind === 'service' || project.isRecorded
}

function isInstalled({ levels }: Facts): boolean {
  const modules = levels.some(({ names }) => names.includes('node_modules'))
  return modules || levels.some(({ names }) => names.includes('.pnp.cjs'))
}

function installedIn({ levels }: Facts, name: string): string | undefined {
  const found = levels.map(({ folder }) => installedPackage(folder, name)?.version)
  return found.find((version) => version !== undefined)
}

function nearestLockFile({ levels }: Facts): string | undefined {
  return levels.flatMap(({ folder }) => lockFileIn(folder)?.name ?? [])[0]
}

const counted = ['resource', 'router', 'middleware', 'migration']

function countUnits(project: Project): Info['units'] {
  const ids = unitIds(project.namesIn)
  const count = (kind: string) => ids.filter((id) => id.startsWith(`${kind}-`)).length
  const counts = counted.map((kind) => [kind, count(kind)] as const)
  return Object.fromEntries(counts.filter(([, number]) => number > 0))
}
