// Times whole processes in alternating pairs, because machines drift: only ratios within one run count.
import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'

/** Wall time of one run in milliseconds; `prepare` is not timed and gives the folder to run in. */
function timed({ command, prepare = () => process.cwd() }) {
  const cwd = prepare()
  const [program, ...args] = command
  const start = performance.now()
  const done = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true' },
  })
  const time = performance.now() - start
  if (done.status !== 0) {
    throw new Error(`${command.join(' ')} ended with ${done.status}\n${done.stdout}${done.stderr}`)
  }
  return time
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

/** Runs ours and theirs in turn and prints the median of the ratios beside the limit. */
export function compare({ name, ours, theirs, limit, pairs = 9 }) {
  timed(ours)
  timed(theirs)
  const times = Array.from({ length: pairs }, () => [timed(ours), timed(theirs)])
  const ratio = median(times.map(([a, b]) => a / b))
  const [a, b] = [0, 1].map((side) => median(times.map((pair) => pair[side])))
  const verdict = limit === undefined ? '' : ratio <= limit ? `within ${limit}` : `OVER ${limit}`
  console.log(
    `${name.padEnd(46)} ${a.toFixed(0).padStart(6)} ms ${b.toFixed(0).padStart(6)} ms   ratio ${ratio.toFixed(2)}  ${verdict}`,
  )
  return limit === undefined || ratio <= limit
}
