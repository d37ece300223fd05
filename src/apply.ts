import { commit } from './changes/commit.ts'
import { isKnownPresent, knownChange } from './changes/known.ts'
import { preflight } from './changes/preflight.ts'
import { type ExitCode, exitCodes, RefusedError } from './errors.ts'
import type { FileChange, Rendered } from './model/change.ts'
import type { Plan } from './model/plan.ts'
import type { FollowUpResult, Outcome, View } from './model/view.ts'
import { diskAt } from './system/disk.ts'

/** How far to go, and what may be replaced. */
export interface ApplySettings {
  /** `check` and `preview` end before anything is written. */
  readonly until: 'check' | 'preview' | 'end'
  readonly force: boolean
}

/** How often a plan is rendered anew because somebody else was faster. */
const mostAttempts = 3

/**
 * The path that every command takes which changes files, from the plan to the report. A plan is
 * data, so where a file changed while it was at work it is rendered again over what is there now.
 */
export async function apply(
  plan: Plan,
  settings: ApplySettings,
  view: View,
  now: () => Date,
): Promise<ExitCode> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await applyOnce(plan, settings, view, now)
    } catch (error) {
      const isOvertaken = error instanceof RefusedError && error.code === 'CHANGED_MEANWHILE'
      if (!isOvertaken || attempt === mostAttempts) throw error
      view.progress('Files were changed meanwhile; looking again')
    }
  }
}

async function applyOnce(
  plan: Plan,
  settings: ApplySettings,
  view: View,
  now: () => Date,
): Promise<ExitCode> {
  const disk = diskAt(plan.root)
  const rendered = isKnownPresent(plan.steps, disk) ? unchanged : await render(plan, settings)
  const end = async (
    outcome: Outcome,
    followUps: readonly FollowUpResult[],
    exitCode: ExitCode,
  ) => {
    await view.report({ plan, rendered, outcome, followUps })
    return exitCode
  }

  if (rendered.refusals.length > 0) return end('refused', [], exitCodes.refused)
  if (rendered.changes.length === 0) {
    if (settings.until === 'end') await remember(plan.root, rendered)
    return end('present', [], exitCodes.done)
  }
  if (settings.until === 'check') return end('planned', [], exitCodes.failed)

  await view.preview(plan, rendered, settings.until === 'preview')
  if (settings.until === 'preview') return end('planned', [], exitCodes.done)

  await commit(plan.root, [...rendered.changes, ...(await localChanges(plan, rendered, now))])
  const { runFollowUps } = await import('./project/follow-ups.ts')
  const followUps = await runFollowUps(needed(plan, rendered), view.progress)
  // Without a first commit the service is complete all the same: that is a warning.
  const failed = followUps.find(({ done, kind }) => !done && kind !== 'git')
  if (failed === undefined) return end('applied', followUps, exitCodes.done)
  const cancelled = failed.exitCode === exitCodes.cancelled
  const next = repeated(plan.next, failed)
  await view.report({ plan: { ...plan, next }, rendered, outcome: 'failed', followUps })
  return cancelled ? exitCodes.cancelled : exitCodes.failed
}

/** What to type next after a follow-up failed: that one again, once in the right folder. */
function repeated(next: Plan['next'], { repeat }: FollowUpResult): Plan['next'] {
  if (repeat === undefined) return next
  const at = next.findIndex((line) => !line.startsWith('cd '))
  return next.toSpliced(at === -1 ? next.length : at, 0, repeat)
}

const unchanged: Rendered = { changes: [], refusals: [], warnings: [], edited: [] }

/** Loaded only when hashes cannot tell that there is nothing to do. */
async function render({ root, steps }: Plan, { force }: ApplySettings): Promise<Rendered> {
  const rendering = await import('./render/render.ts')
  const rendered = rendering.render(steps, diskAt(root), force)
  return { ...rendered, refusals: [...rendered.refusals, ...preflight(root, rendered.changes)] }
}

/** Lets the next run know by hashes what this one had to look into. It is no loss if that fails. */
async function remember(root: string, rendered: Rendered): Promise<void> {
  try {
    const learnt = knownChange(rendered, diskAt(root))
    if (learnt.length > 0) await commit(root, learnt)
  } catch {
    // Nothing was asked for that this could spoil.
  }
}

/** What this machine remembers of the run: how to take it back, and what is present now. */
async function localChanges(
  plan: Plan,
  rendered: Rendered,
  now: () => Date,
): Promise<readonly FileChange[]> {
  const { historyChanges } = await import('./changes/runs.ts')
  const disk = diskAt(plan.root)
  const history = plan.isUndoable === false ? [] : historyChanges(plan, rendered, disk, now())
  return [...history, ...knownChange(rendered, disk)]
}

/** An install is work only where package.json changed. */
function needed({ followUps }: Plan, { changes }: Rendered): Plan['followUps'] {
  const hasNewPackages = changes.some(({ path }) => path === 'package.json')
  return followUps.filter(({ kind }) => kind !== 'install' || hasNewPackages)
}
