import { namesIn } from '../../system/files.ts'
import { declaredOutputs } from './outputs.ts'

/** How certain it is that nothing in it was written by hand. */
type Certainty = 'sure' | 'declared' | 'likely'

export interface Candidate {
  /** From the root of the project, with `/`; may lead out of it. */
  readonly path: string
  readonly certainty: Certainty
}

/** Names that mostly tools give: in a repository they count where git ignores them. */
const sure = [
  'dist',
  'dist-test',
  'coverage',
  '.nyc_output',
  '.turbo',
  '.vite',
  '.vitest',
  '.vitest-reports',
  '.vitest-attachments',
  '.swc',
  '.parcel-cache',
  '.rollup.cache',
  '.eslintcache',
  '.stylelintcache',
  '.prettiercache',
  'node_modules/.vite',
  'node_modules/.vite-temp',
  'node_modules/.vitest',
  'node_modules/.cache',
  'node_modules/.tmp',
]

/** Names that people give too: they count nowhere but where git ignores them. */
const likely = [
  'build',
  'out',
  'html',
  '.cache',
  'reports',
  'test-results',
  'blob-report',
  'playwright-report',
  'junit.xml',
  'test-report.xml',
  'test-results.xml',
]

/** What builds, tests and tools may have left in a project. */
export function candidatesOf(root: string): readonly Candidate[] {
  const infos = namesIn(root).filter((name) => name.endsWith('.tsbuildinfo'))
  const all: readonly Candidate[] = [
    ...[...sure, ...infos].map((path) => ({ path, certainty: 'sure' as const })),
    ...declaredOutputs(root).map((path) => ({ path, certainty: 'declared' as const })),
    ...likely.map((path) => ({ path, certainty: 'likely' as const })),
  ]
  const isFirst = ({ path }: Candidate, at: number) =>
    all.findIndex((one) => one.path === path) === at
  return all.filter(isFirst)
}
