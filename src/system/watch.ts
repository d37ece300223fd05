import { relative, sep } from 'node:path'
import { errorCode } from './error-code.ts'

/** Saving a file, or a generator's many, are several events. */
const settledAfter = 40

/**
 * Calls `changed` soon after a file of these names in `root`, or anything in a folder of these
 * names, has changed, with the time of the first change and the paths below `root`, with `/`. They
 * need not exist yet. Calls `failed` once if the system stops watching. Returns the function that
 * ends it.
 */
export async function watchNames(
  root: string,
  names: readonly string[],
  changed: (since: number, paths: readonly string[]) => void,
  failed: (reason: string) => void,
): Promise<() => Promise<void>> {
  const { watch } = await import('chokidar')
  const isWanted = (path: string) => {
    const [first = '', ...rest] = relative(root, path).split(sep)
    return first === '' || (names.includes(first) && !rest.some(isLeftover))
  }
  const watcher = watch(root, { ignoreInitial: true, ignored: (path) => !isWanted(path) })
  let timer: NodeJS.Timeout | undefined
  let since: number | undefined
  const paths = new Set<string>()
  watcher.on('all', (_event, path) => {
    since ??= performance.now()
    paths.add(relative(root, path).split(sep).join('/'))
    clearTimeout(timer)
    timer = setTimeout(() => {
      changed(since ?? 0, [...paths])
      since = undefined
      paths.clear()
    }, settledAfter)
  })
  let hasFailed = false
  await new Promise<void>((resolve) => {
    watcher.once('ready', resolve)
    watcher.on('error', (error) => {
      if (!hasFailed) failed(reasonOf(error))
      hasFailed = true
      resolve()
    })
  })
  return () => {
    clearTimeout(timer)
    return watcher.close()
  }
}

function reasonOf(error: unknown): string {
  const [code, reason] = [errorCode(error), error instanceof Error ? error.message : String(error)]
  if (code === 'ENOSPC') return `${reason} (raise fs.inotify.max_user_watches)`
  return code === 'EMFILE'
    ? `${reason} (raise ulimit -n, or fs.inotify.max_user_instances)`
    : reason
}

/** What editors leave beside a file for a moment. */
function isLeftover(name: string): boolean {
  return name.startsWith('.') || name.endsWith('~') || name === '4913'
}
