import { ChangeSet } from '../changes/change-set.ts'
import { manifestPath, parseRecord, printRecord } from '../changes/units.ts'
import type { Disk, Rendered } from '../model/change.ts'
import type { Refusal } from '../model/refusal.ts'
import type { CopyStep, ManifestStep, Step } from '../model/step.ts'
import { editFile } from './edit-step.ts'
import { Ledger } from './ledger.ts'
import { renderFiles } from './render-step.ts'
import { revokeUnit } from './revoke-step.ts'

/** What the steps of one plan work on. */
export interface Rendering {
  readonly changes: ChangeSet
  readonly ledger: Ledger
  readonly refusals: Refusal[]
  readonly warnings: string[]
  /** Also replace files that are not ours or were edited. */
  readonly force: boolean
}

/** Turns the steps of a plan into changes, in memory. Nothing is written. */
export function render(steps: readonly Step[], disk: Disk, force: boolean): Rendered {
  const changes = new ChangeSet(disk)
  const ledger = new Ledger(changes)
  const rendering = { changes, ledger, refusals: [], warnings: [], force }
  for (const step of steps) renderOne(step, rendering)
  ledger.flush()
  return { changes: changes.changes(), refusals: rendering.refusals, warnings: rendering.warnings }
}

/** One function a kind of step. */
const renderers: { readonly [K in Step['kind']]: Renderer<Extract<Step, { kind: K }>> } = {
  unit: (step, { ledger }) => ledger.open(step.unit),
  render: renderFiles,
  edit: editFile,
  revoke: revokeUnit,
  copy: copyFile,
  manifest: setManifest,
}

type Renderer<S extends Step> = (step: S, rendering: Rendering) => void

function renderOne<K extends Step['kind']>(
  step: Extract<Step, { kind: K }>,
  rendering: Rendering,
): void {
  const renderer: Renderer<typeof step> = renderers[step.kind as K]
  renderer(step, rendering)
}

function copyFile({ from, to }: CopyStep, { changes, refusals }: Rendering): void {
  const text = changes.read(from)
  if (text !== undefined) changes.write(to, text)
  else refusals.push({ code: 'NO_ANCHOR', file: from, message: `${from} is missing.` })
}

function setManifest({ set }: ManifestStep, { changes }: Rendering): void {
  const before = parseRecord(manifestPath, changes.read(manifestPath) ?? '{}')
  changes.write(manifestPath, printRecord({ ...before, ...set }))
}
