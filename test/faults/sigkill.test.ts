import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { commit } from '../../src/changes/commit.ts'
import { recover } from '../../src/changes/recovery.ts'
import { runs } from '../support/effort.ts'
import { temporaryFolder } from '../support/tree.ts'
import { bundled } from './bundled.ts'
import { fast, withDiskCalls } from './disk-calls.ts'
import { makeProject, stateOf } from './scenario.ts'

type State = ReturnType<typeof stateOf>

const home = temporaryFolder()
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
  const never = new Promise(() => {})
  usual = await victimIn(mkdtempSync(join(home, 'project-')), writes + 1, () => never)
})

/**
 * Runs a process that commits and waits before its write number `at`. Kills it when `moment`
 * resolves, which learns when the process is there, unless it ends before.
 *
 * @returns how many milliseconds it worked
 */
async function victimIn(
  root: string,
  at: number,
  moment: (isThere: Promise<unknown>) => Promise<unknown>,
): Promise<number> {
  const child = spawn(process.execPath, [victim, root, String(at)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  let printed = ''
  const prints = (word: string) =>
    new Promise<void>((resolve) => {
      child.stdout.on('data', () => printed.includes(word) && resolve())
    })
  child.stdout.on('data', (text) => {
    printed += text
  })
  const isThere = prints('there')
  await Promise.race([prints('ready'), closed])
  const started = performance.now()
  await Promise.race([moment(isThere), closed])
  const worked = performance.now() - started
  child.kill('SIGKILL')
  await closed
  return worked
}

interface Kill {
  /** The number of a write, which one process in twenty never reaches. */
  readonly at: number
  /** When to kill it on its way there, in per mille of the usual time; without it, when it is there. */
  readonly after: number | null
}

/** A third of the kills happen at a chosen write, so that slow machines try the same places too. */
const killPlan = () =>
  fc.record({
    at: fc.noBias(fc.integer({ min: 1, max: Math.ceil(writes * 1.05) })),
    after: fc.option(fc.noBias(fc.integer({ min: 0, max: 2000 })), { freq: 2 }),
  })

async function kill({ at, after }: Kill): Promise<Phase> {
  const root = mkdtempSync(join(home, 'project-'))
  await victimIn(root, at, (isThere) => (after === null ? isThere : sleep((after * usual) / 1000)))
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
  it('at random times leave all or nothing', async () => {
    const kills = fc.sample(killPlan(), runs('kills', { quick: 500, full: 500 }))
    const counts = new Map<Phase, number>(phases.map((phase) => [phase, 0]))
    const lane = async () => {
      for (let next = kills.pop(); next !== undefined; next = kills.pop()) {
        const phase = await kill(next)
        counts.set(phase, (counts.get(phase) ?? 0) + 1)
      }
    }
    await Promise.all([lane(), lane()])
    const lines = [...counts].map(([phase, count]) => `${String(count).padStart(5)}  ${phase}`)
    console.info(`left behind:\n${lines.join('\n')}`)
    const inWindow = inside.reduce((sum, phase) => sum + (counts.get(phase) ?? 0), 0)
    expect(inWindow).toBeGreaterThanOrEqual(100)
  })
})
