import { execFile } from 'node:child_process'

interface Done {
  readonly isFine: boolean
  readonly stdout: string
  readonly stderr: string
}

/** Node's own execFile: git needs nothing of a project, and the larger library takes a while to load. */
function git(cwd: string, ...args: readonly string[]): Promise<Done> {
  return new Promise((resolve) => {
    execFile(
      'git',
      args,
      { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        resolve({ isFine: error === null, stdout: stdout.trim(), stderr: stderr.trim() })
      },
    )
  })
}

/** True where the folder lies in a work tree; false too where git is not installed. */
export async function isInRepository(folder: string): Promise<boolean> {
  return (await git(folder, 'rev-parse', '--is-inside-work-tree')).stdout === 'true'
}

/** True if somebody told git whose name to put on a commit; one that git guesses does not count. */
export async function hasIdentity(folder: string): Promise<boolean> {
  const told = ['-c', 'user.useConfigOnly=true', 'var']
  const [author, committer] = await Promise.all([
    git(folder, ...told, 'GIT_AUTHOR_IDENT'),
    git(folder, ...told, 'GIT_COMMITTER_IDENT'),
  ])
  return author.isFine && committer.isFine
}

/** True if the last commit has the file. */
export async function isCommitted(folder: string, path: string): Promise<boolean> {
  return (await git(folder, 'ls-tree', '--name-only', 'HEAD', '--', path)).stdout !== ''
}

/** Which files git tracks at these paths and below them; nothing where it cannot tell. */
export async function trackedAmong(
  folder: string,
  paths: readonly string[],
): Promise<readonly string[] | undefined> {
  const words = ['--literal-pathspecs', 'ls-files', '-z', '--', ...paths]
  const { isFine, stdout } = await git(folder, ...words)
  return isFine ? stdout.split('\0').filter((path) => path !== '') : undefined
}

/** Which of these paths git is told to ignore. */
export async function ignoredAmong(
  folder: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  const words = ['-c', 'core.quotePath=false', 'check-ignore', '--', ...paths]
  return (await git(folder, ...words)).stdout.split('\n')
}

/** Makes a repository with one commit of all files. Gives git's complaint, or nothing. */
export async function firstCommit(folder: string, message: string): Promise<string | undefined> {
  for (const args of [
    ['init', '-q', '-b', 'main'],
    ['add', '-A'],
    ['commit', '-q', '-m', message],
  ]) {
    const { isFine, stderr } = await git(folder, ...args)
    if (!isFine) return stderr || `git ${args[0]} failed`
  }
  return undefined
}
