// Times whole processes in alternating pairs, because machines drift: only ratios within one run count.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

/** Wall time of one run in milliseconds, and what it printed. `prepare` is not timed and gives the folder to run in. */
function timed({ command, prepare = () => process.cwd(), env = {} }) {
  const cwd = prepare()
  const [program, ...args] = command
  const start = performance.now()
  const done = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true', ...env },
  })
  const time = performance.now() - start
  if (done.status !== 0) {
    throw new Error(`${command.join(' ')} ended with ${done.status}\n${done.stdout}${done.stderr}`)
  }
  return { time, stderr: done.stderr }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

/** Prints one line, and says whether the figure is within its limit. */
function verdict(name, figures, value, limit) {
  const words = limit === undefined ? '' : value <= limit ? `within ${limit}` : `OVER ${limit}`
  console.log(`${name.padEnd(48)} ${figures}  ${words}`)
  return limit === undefined || value <= limit
}

const ms = (time) => `${time.toFixed(0).padStart(6)} ms`

/** Runs ours and theirs in turn and prints the median of the ratios beside the limit. */
export function compare({ name, ours, theirs, limit, pairs = 9 }) {
  timed(ours)
  timed(theirs)
  const times = Array.from({ length: pairs }, () => [timed(ours).time, timed(theirs).time])
  const ratio = median(times.map(([a, b]) => a / b))
  const [a, b] = [0, 1].map((side) => median(times.map((pair) => pair[side])))
  return verdict(name, `${ms(a)} ${ms(b)}   ratio ${ratio.toFixed(2)}`, ratio, limit)
}

/** Prints the median time of a program beside a limit in milliseconds. */
export function time({ name, ours, limit, runs = 5 }) {
  timed(ours)
  const middle = median(Array.from({ length: runs }, () => timed(ours).time))
  return verdict(name, ms(middle), middle, limit)
}

/** Prints the median of the most memory that a JavaScript program had at a time, in megabytes. */
export function peak({ name, ours: { command, ...rest }, limit, runs = 5 }) {
  const [node, ...args] = command
  const ours = { command: [node, join(import.meta.dirname, 'peak.mjs'), ...args], ...rest }
  const peaks = Array.from({ length: runs }, () => Number(/peak (\d+)/.exec(timed(ours).stderr)[1]))
  const middle = median(peaks) / 1024
  return verdict(name, `${middle.toFixed(0).padStart(6)} MB`, middle, limit)
}
