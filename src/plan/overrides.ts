import type { Override } from '../features/feature.ts'
import type { PackageManager } from '../model/project.ts'
import type { EditStep } from '../model/step.ts'

type Place = Pick<EditStep, 'path' | 'op'>

/** Where each package manager wants an override, and in which form. */
const forms: Record<PackageManager, (override: Override) => Place> = {
  npm: ({ dependent, dependency, version }) =>
    jsonEdit(['overrides', dependent], { [dependency]: version }),
  // Bun knows no nested overrides.
  bun: ({ dependency, version }) => jsonEdit(['overrides', dependency], version),
  yarn: ({ dependent, dependency, version }) =>
    jsonEdit(['resolutions', `${dependent}/${dependency}`], version),
  pnpm: ({ dependent, dependency, version }) => ({
    path: 'pnpm-workspace.yaml',
    op: {
      op: 'ensureYaml',
      path: ['overrides', `${dependent}>${dependency}`],
      block: `'${dependent}>${dependency}': ${version}\n`,
      order: 'by-name',
    },
  }),
}

export function overrideEdit(override: Override, manager: PackageManager): Place {
  return forms[manager](override)
}

function jsonEdit(path: readonly string[], value: string | { [key: string]: string }): Place {
  return { path: 'package.json', op: { op: 'ensureJson', path, value, sorted: true } }
}
