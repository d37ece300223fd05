import { commit } from './changes/commit.ts'
import { preflight } from './changes/preflight.ts'
import { type ExitCode, exitCodes } from './errors.ts'
import type { Rendered } from './model/change.ts'
import type { Plan } from './model/plan.ts'
import type { FollowUpResult, Outcome, View } from './model/view.ts'
import { runFollowUps } from './project/follow-ups.ts'
import { render } from './render/render.ts'
import { diskAt } from './system/disk.ts'

/** How far to go, and what may be replaced. */
export interface ApplySettings {
  /** `check` and `preview` end before anything is written. */
  readonly until: 'check' | 'preview' | 'end'
  readonly force: boolean
}

/** The path that every command takes which changes files, from the plan to the report. */
export async function apply(plan: Plan, settings: ApplySettings, view: View): Promise<ExitCode> {
  const disk = diskAt(plan.root)
  const rendered = checked(plan.root, render(plan.steps, disk, settings.force))
  const isChange = rendered.changes.length > 0
  const end = async (
    outcome: Outcome,
    followUps: readonly FollowUpResult[],
    exitCode: ExitCode,
  ) => {
    await view.report({ plan, rendered, outcome, followUps })
    return exitCode
  }

  if (rendered.refusals.length > 0) return end('refused', [], exitCodes.refused)
  if (!isChange) return end('present', [], exitCodes.done)
  if (settings.until === 'check') return end('planned', [], exitCodes.failed)

  await view.preview(plan, rendered, settings.until === 'preview')
  if (settings.until === 'preview') return end('planned', [], exitCodes.done)

  await commit(plan.root, rendered.changes, disk)
  const followUps = await runFollowUps(needed(plan, rendered), view.progress)
  const failed = followUps.find(({ done }) => !done)
  if (failed === undefined) return end('applied', followUps, exitCodes.done)
  const cancelled = failed.exitCode === exitCodes.cancelled
  return end('failed', followUps, cancelled ? exitCodes.cancelled : exitCodes.failed)
}

function checked(root: string, rendered: Rendered): Rendered {
  const refusals = [...rendered.refusals, ...preflight(root, rendered.changes)]
  return { ...rendered, refusals }
}

/** An install is work only where package.json changed. */
function needed({ followUps }: Plan, { changes }: Rendered): Plan['followUps'] {
  const hasNewPackages = changes.some(({ path }) => path === 'package.json')
  return followUps.filter(({ kind }) => kind !== 'install' || hasNewPackages)
}
