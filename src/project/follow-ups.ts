import { exitCodes } from '../errors.ts'
import type { FollowUp } from '../model/plan.ts'
import type { FollowUpResult } from '../model/view.ts'
import { shellText } from '../options/shell-text.ts'
import { firstCommit, hasIdentity, isInRepository } from '../system/git.ts'
import { runAlone } from '../system/supervisor.ts'

/** Does the work after the files, in order, up to the first that fails. */
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
  const { program, args } = followUp.command
  const words = shellText([program, ...args])
  progress(words)
  const exitCode = await runAlone(followUp.command, 'stderr').catch(() => notStarted)
  if (exitCode === 0) return { kind: 'install', done: true }
  return {
    kind: 'install',
    done: false,
    exitCode,
    repeat: words,
    message: `${reasonOf(program, words, exitCode)}. The files are written.`,
  }
}

/** What shells report for a program that is not there. */
const notStarted = 127

function reasonOf(program: string, words: string, exitCode: number): string {
  if (exitCode === notStarted) return `${program} was not found`
  return exitCode === exitCodes.cancelled
    ? `${words} was cancelled`
    : `${words} failed with exit code ${exitCode}`
}

/** Creates a repository and a first commit, unless there is one above or git knows no author. */
async function commitFirst(root: string, message: string): Promise<FollowUpResult | undefined> {
  const [inside, named] = await Promise.all([isInRepository(root), hasIdentity(root)])
  if (inside || !named) return undefined
  const complaint = await firstCommit(root, message)
  return complaint === undefined
    ? { kind: 'git', done: true }
    : {
        kind: 'git',
        done: false,
        message: `The first commit failed: ${complaint}\nEverything else is done. Commit it yourself: cd ${shellText([root])} && git add -A && git commit`,
      }
}
