import { ChangeSet } from '../changes/change-set.ts'
import {
  manifestPath,
  parseRecord,
  readRecord,
  removeRecord,
  writeRecord,
} from '../changes/units.ts'
import type { Disk, Rendered } from '../model/change.ts'
import type { Refusal } from '../model/refusal.ts'
import type { CopyStep, ForgetStep, ManifestStep, RestoreStep, Step } from '../model/step.ts'
import { sha256 } from '../system/hash.ts'
import { withLf } from '../system/line-endings.ts'
import { editFile } from './edit-step.ts'
import { checkImports } from './imports-step.ts'
import { Ledger } from './ledger.ts'
import { renderFiles } from './render-step.ts'
import type { Rendering } from './rendering.ts'
import { revokeUnit } from './revoke-step.ts'

/** Turns the steps of a plan into changes, in memory. Nothing is written. */
export function render(steps: readonly Step[], disk: Disk, force: boolean): Rendered {
  const changes = new ChangeSet(disk)
  const ledger = new Ledger(changes)
  const rendering: Rendering = {
    changes,
    ledger,
    refusals: [],
    left: [],
    warnings: [],
    edited: [],
    locals: new Map(),
    force,
  }
  for (const step of steps) renderOne(step, rendering)
  ledger.flush()
  return outcomeOf(rendering)
}

/** What had to be left is a warning beside what is done, and a refusal where nothing is. */
function outcomeOf({ changes, refusals, left, warnings, edited }: Rendering): Rendered {
  const list = changes.changes()
  if (list.length === 0) {
    return { changes: list, refusals: distinct([...refusals, ...left]), warnings, edited }
  }
  return {
    changes: list,
    refusals: distinct(refusals),
    warnings: [...warnings, ...left.map(inWords)],
    edited,
  }
}

function inWords({ code, file, line, message, hint }: Refusal): string {
  const place = file === undefined ? '' : ` ${file}${line === undefined ? '' : `:${line}`}`
  return `${code}${place}: ${message}${hint === undefined ? '' : ` ${hint}`}`
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
  detach: (step, { ledger }) => ledger.drop(step.unit),
  'check-imports': checkImports,
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

function restoreFile(step: RestoreStep, { changes, refusals }: Rendering): void {
  const { path, text, was, isConverted = false } = step
  const isExact = changes.onDisk(path) === was
  if (!isExact && !changes.holds(path, was) && !isThere(path, text, changes)) {
    refusals.push({
      code: 'DRIFT',
      file: path,
      message: `${path} was changed while this command was at work.`,
      hint: 'Run the command again.',
    })
  } else if (text === undefined) changes.remove(path)
  else if (isExact && !isConverted) changes.write(path, text)
  else changes.writeText(path, text)
}

function isThere(path: string, text: string | undefined, changes: ChangeSet): boolean {
  return changes.holds(path, text === undefined ? undefined : sha256(withLf(text)))
}

function forgetManifest(_step: ForgetStep, { changes, ledger }: Rendering): void {
  if (ledger.isEmpty()) removeRecord(changes, manifestPath)
}

function setManifest({ set }: ManifestStep, { changes }: Rendering): void {
  const record = readRecord(manifestPath, (path) => changes.read(path))
  const before = record && parseRecord(record.path, record.text)
  writeRecord(changes, manifestPath, { ...before, ...set })
}
