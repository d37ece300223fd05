import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { commit } from '../../src/changes/commit.ts'
import { recover } from '../../src/changes/recovery.ts'
import { temporaryFolder } from '../support/tree.ts'
import { bundled } from './bundled.ts'
import { fast, withDiskCalls } from './disk-calls.ts'
import { makeProject, stateOf } from './scenario.ts'

type State = ReturnType<typeof stateOf>

const home = temporaryFolder()
const kills = 500
const phases = [
  'nothing made',
  'a claim',
  'temporaries',
  'a journal, nothing moved',
  'a journal, some moved',
  'a journal, all moved',
  'the journal gone',
  'all done',
] as const
type Phase = (typeof phases)[number]
const inside: readonly Phase[] = phases.slice(2, 6)

let victim: string
/** How many writes a commit does, and how many milliseconds it takes a process here. */
let writes = 0
let usual = 0
let old: State
let next: State

beforeAll(async () => {
  victim = await bundled('victim')
  const root = mkdtempSync(join(home, 'project-'))
  const changes = makeProject(root)
  old = stateOf(root)
  await withDiskCalls(
    root,
    ({ isWrite }) => {
      if (isWrite) writes += 1
    },
    () => commit(root, changes),
  )
  next = stateOf(root)
  const never = () => new Promise(() => {})
  usual = await victimIn(mkdtempSync(join(home, 'project-')), writes + 1, never)
})

/**
 * Runs a process that commits, and kills it after what `delay` waits for, if it did not end before.
 * @returns for how many milliseconds it was at work
 */
async function victimIn(root: string, at: number, delay: () => Promise<unknown>): Promise<number> {
  const child = spawn(process.execPath, [victim, root, String(at)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  await Promise.race([once(child.stdout, 'data'), closed])
  const started = performance.now()
  await Promise.race([delay(), closed])
  const worked = performance.now() - started
  child.kill('SIGKILL')
  await closed
  return worked
}

/** Kills a process at a random time, on its way to a random write or waiting there. */
async function kill(): Promise<Phase> {
  const root = mkdtempSync(join(home, 'project-'))
  // One in twenty waits nowhere.
  const at = Math.ceil(Math.random() * writes * 1.05)
  await victimIn(root, at, () => sleep(Math.random() * 2 * usual))
  const state = stateOf(root)
  const phase = phaseOf(state)
  await fast(root, () => recover(root))
  const recovered = stateOf(root)
  const isNew = phases.indexOf(phase) > 2
  expect(recovered, `${phase}: ${Object.keys(state).join(' ')}`).toEqual(isNew ? next : old)
  rmSync(root, { recursive: true })
  return phase
}

/** How far it came, by what it left. */
function phaseOf(state: State): Phase {
  const paths = Object.keys(state)
  const has = (pattern: RegExp) => paths.some((path) => pattern.test(path))
  const moved = ['package.json', 'old/x.ts', 'src/gone.ts'].filter(
    (path) => state[path] === next[path],
  ).length
  if (has(/history\/journal\.json$/)) {
    const isLast = moved === 3 && !has(/-new~$/)
    if (isLast) return 'a journal, all moved'
    return moved === 0 ? 'a journal, nothing moved' : 'a journal, some moved'
  }
  if (moved === 3) return has(/\.lock$|~$/) ? 'the journal gone' : 'all done'
  if (has(/-(new|old)~$/)) return 'temporaries'
  return has(/\.lock$/) ? 'a claim' : 'nothing made'
}

describe('processes that are killed', () => {
  it(`at ${kills} random times leave all or nothing`, async () => {
    const counts = new Map<Phase, number>(phases.map((phase) => [phase, 0]))
    let left = kills
    const lane = async () => {
      while (left > 0) {
        left -= 1
        const phase = await kill()
        counts.set(phase, (counts.get(phase) ?? 0) + 1)
      }
    }
    await Promise.all([lane(), lane()])
    const lines = [...counts].map(([phase, count]) => `${String(count).padStart(5)}  ${phase}`)
    process.stderr.write(`${kills} kills left\n${lines.join('\n')}\n`)
    const inWindow = inside.reduce((sum, phase) => sum + (counts.get(phase) ?? 0), 0)
    expect(inWindow).toBeGreaterThanOrEqual(100)
  })
})
