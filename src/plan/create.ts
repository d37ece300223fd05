import type { Feature } from '../features/feature.ts'
import { offered, selectFeatures } from '../features/selection.ts'
import type { FollowUp, Plan } from '../model/plan.ts'
import type { Manifest, ProjectPaths } from '../model/project.ts'
import type { Step } from '../model/step.ts'
import { unitId } from '../model/unit.ts'
import { broughtNotes, type CreateOptions } from '../options/create.ts'
import { installCommand, toolWords } from '../project/package-manager.ts'
import { toolVersion } from '../versions.ts'
import { featureSteps } from './feature-steps.ts'
import { templateData } from './template-data.ts'

const paths: ProjectPaths = {
  appFactory: 'src/app.ts',
  plugins: 'src/plugins.ts',
  resources: 'src/resources/index.ts',
  schema: 'src/db/schema.ts',
  migrations: 'migrations',
}

/** Everything that makes a new service in `options.root`. */
export function planCreate(options: CreateOptions, registry: readonly Feature[]): Plan {
  const { answers, root, tool } = options
  const features = selectFeatures(options, registry)
  const ids = features.map((feature) => feature.id)
  return {
    command: 'create',
    root,
    steps: [
      ...baseSteps({ version: toolVersion, answers, features: ids, paths }, tool),
      ...featureSteps(features, features, answers),
    ],
    followUps: followUpsOf(options),
    notices: options.preset === 'minimal' ? broughtNotes(options.features, offered(registry)) : [],
    isUndoable: false,
    next: nextOf(options),
  }
}

function baseSteps(manifest: Manifest, tool: string): readonly Step[] {
  const head = { kind: 'base', name: 'service', args: {} } as const
  const unit = unitId(head)
  const { answers } = manifest
  const data = { ...templateData(answers), tool }
  return [
    { kind: 'manifest', set: manifest },
    { kind: 'unit', unit: head },
    { kind: 'render', unit, from: 'service', data },
    { kind: 'render', unit, from: `package-managers/${answers.packageManager}`, data },
  ]
}

/** What to type next, from the folder in which the shell is. */
function nextOf({ answers, way, install }: CreateOptions): readonly string[] {
  const { packageManager } = answers
  return [
    ...way,
    ...(install ? [] : [`${packageManager} install`]),
    `${toolWords(packageManager)} dev serve`,
  ]
}

function followUpsOf({ answers, root, install, git }: CreateOptions): readonly FollowUp[] {
  return [
    ...(install
      ? [{ kind: 'install', command: installCommand(answers.packageManager, root) } as const]
      : []),
    ...(git ? [{ kind: 'git', root, message: `Create ${answers.name}` } as const] : []),
  ]
}
