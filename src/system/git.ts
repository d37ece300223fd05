import { capture } from './exec.ts'

const git = (cwd: string, ...args: string[]) => capture({ program: 'git', args, cwd })

/** True where the folder lies in a work tree; false too where git is not installed. */
export async function isInRepository(folder: string): Promise<boolean> {
  return (await git(folder, 'rev-parse', '--is-inside-work-tree')).stdout === 'true'
}

/** True if git knows whose name to put on a commit. */
export async function hasIdentity(folder: string): Promise<boolean> {
  return (await git(folder, 'config', 'user.email')).exitCode === 0
}

/** True if the last commit has the file. */
export async function isCommitted(folder: string, path: string): Promise<boolean> {
  const listed = await git(folder, 'ls-tree', '--name-only', 'HEAD', '--', path)
  return listed.exitCode === 0 && listed.stdout.trim() !== ''
}

/** Makes a repository with one commit of all files. Gives git's complaint, or nothing. */
export async function firstCommit(folder: string, message: string): Promise<string | undefined> {
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    ['commit', '-q', '-m', message],
  ]) {
    const done = await git(folder, ...args)
    if (done.exitCode !== 0) return done.stderr || `git ${args[0]} failed`
  }
  return undefined
}
