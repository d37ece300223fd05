import { ChangeSet } from '../changes/change-set.ts'
import { manifestPath, parseRecord, printRecord } from '../changes/units.ts'
import type { Disk, EditedFile, Rendered } from '../model/change.ts'
import type { Refusal } from '../model/refusal.ts'
import type { CopyStep, ForgetStep, ManifestStep, RestoreStep, Step } from '../model/step.ts'
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
  /** What was done to shared files, in order. */
  readonly edited: EditedFile[]
  /** Under which names a file knows what it imports, by `path name`, where they are others than asked. */
  readonly locals: Map<string, string>
  /** Also replace files that are not ours or were edited. */
  readonly force: boolean
}

/** Turns the steps of a plan into changes, in memory. Nothing is written. */
export function render(steps: readonly Step[], disk: Disk, force: boolean): Rendered {
  const changes = new ChangeSet(disk)
  const ledger = new Ledger(changes)
  const rendering: Rendering = {
    changes,
    ledger,
    refusals: [],
    warnings: [],
    edited: [],
    locals: new Map(),
    force,
  }
  for (const step of steps) renderOne(step, rendering)
  ledger.flush()
  const { refusals, warnings, edited } = rendering
  return { changes: changes.changes(), refusals: distinct(refusals), warnings, edited }
}

/** An import and its registration are refused for the same reason where the file is at fault. */
function distinct(refusals: readonly Refusal[]): readonly Refusal[] {
  const key = ({ code, file, line }: Refusal) => `${code} ${file} ${line}`
  return refusals.filter(
    (refusal, i) => refusals.findIndex((other) => key(other) === key(refusal)) === i,
  )
}

/** One function a kind of step. */
const renderers: { readonly [K in Step['kind']]: Renderer<Extract<Step, { kind: K }>> } = {
  unit: (step, { ledger }) => ledger.open(step.unit),
  render: renderFiles,
  edit: editFile,
  revoke: revokeUnit,
  copy: copyFile,
  manifest: setManifest,
  forget: forgetManifest,
  restore: restoreFile,
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

function restoreFile({ path, text }: RestoreStep, { changes }: Rendering): void {
  if (text === undefined) changes.remove(path)
  else changes.write(path, text)
}

function forgetManifest(_step: ForgetStep, { changes, ledger }: Rendering): void {
  if (ledger.isEmpty()) changes.remove(manifestPath)
}

function setManifest({ set }: ManifestStep, { changes }: Rendering): void {
  const before = parseRecord(manifestPath, changes.read(manifestPath) ?? '{}')
  changes.write(manifestPath, printRecord({ ...before, ...set }))
}
