import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'

/** The cgroup that limits the memory of this process, and the file with its limit: in v1, in v2. */
const kinds = [
  { line: /^\d+:memory:(.*)$/m, root: '/sys/fs/cgroup/memory', file: 'memory.limit_in_bytes' },
  { line: /^0::(.*)$/m, root: '/sys/fs/cgroup', file: 'memory.max' },
]

/**
 * Runs `work` while the kernel limits the memory of this process, as it does in a container. Where
 * a test may not make a cgroup, Node.js only says so.
 *
 * @param work gets the limit in bytes
 */
export async function withMemoryLimit<T>(work: (bytes: number) => Promise<T>): Promise<T> {
  const bytes = 2 ** Math.floor(Math.log2(totalmem() / 2))
  const leave = enterCgroup(bytes)
  if (leave === undefined) {
    console.info('No cgroup can be made here: Node.js reports a limit that is not there.')
    vi.spyOn(process, 'constrainedMemory').mockReturnValue(bytes)
  }
  try {
    return await work(bytes)
  } finally {
    leave?.()
    vi.restoreAllMocks()
  }
}

function enterCgroup(bytes: number): (() => void) | undefined {
  const own = readFileSync('/proc/self/cgroup', 'utf8')
  for (const { line, root, file } of kinds) {
    const [, path] = line.exec(own) ?? []
    if (path === undefined) continue
    const parent = join(root, path)
    const group = join(parent, `test-${process.pid}`)
    const move = (into: string) => writeFileSync(join(into, 'cgroup.procs'), `${process.pid}`)
    try {
      mkdirSync(group)
    } catch {
      continue
    }
    try {
      writeFileSync(join(group, file), `${bytes}`)
      move(group)
    } catch {
      rmdirSync(group)
      continue
    }
    return () => {
      move(parent)
      rmdirSync(group)
    }
  }
  return undefined
}
