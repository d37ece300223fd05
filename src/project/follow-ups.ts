import type { FollowUp } from '../model/plan.ts'
import type { FollowUpResult } from '../model/view.ts'
import { firstCommit, hasIdentity, isInRepository } from '../system/git.ts'
import { runAlone } from '../system/supervisor.ts'

/** Does the work after the files, in order; the first that fails ends it. */
export async function runFollowUps(
  followUps: readonly FollowUp[],
  progress: (line: string) => void,
): Promise<readonly FollowUpResult[]> {
  const results: FollowUpResult[] = []
  for (const followUp of followUps) {
    const result = await run(followUp, progress)
    if (result !== undefined) results.push(result)
    if (result?.done === false) break
  }
  return results
}

async function run(
  followUp: FollowUp,
  progress: (line: string) => void,
): Promise<FollowUpResult | undefined> {
  if (followUp.kind === 'git') return commitFirst(followUp.root, followUp.message)
  const { program, args, cwd } = followUp.command
  progress(`${program} ${args.join(' ')}`)
  const exitCode = await runAlone(followUp.command, 'stderr').catch(() => notStarted)
  if (exitCode === 0) return { kind: 'install', done: true }
  return {
    kind: 'install',
    done: false,
    exitCode,
    message: `${program} ${exitCode === notStarted ? 'was not found' : `ended with ${exitCode}`}. The files are written; repeat the install: cd ${cwd} && ${program} ${args.join(' ')}`,
  }
}

/** What shells report for a program that is not there. */
const notStarted = 127

/** A repository and a first commit, but only where there is none above and git knows a name. */
async function commitFirst(root: string, message: string): Promise<FollowUpResult | undefined> {
  const [inside, named] = await Promise.all([isInRepository(root), hasIdentity(root)])
  if (inside || !named) return undefined
  const complaint = await firstCommit(root, message)
  return complaint === undefined
    ? { kind: 'git', done: true }
    : {
        kind: 'git',
        done: false,
        message: `The first commit failed: ${complaint}\nEverything else is done. Commit it yourself: cd ${root} && git add -A && git commit`,
      }
}
