// Loads two servers in turn and compares what a request costs them.
import { execFile, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import autocannon from 'autocannon'
import { origin } from './measured.mjs'

const connections = 32
const seconds = 2
// A client in C leaves more of the machine to the server.
const hasWrk = spawnSync('wrk', ['-v']).error === undefined
const answered = hasWrk ? byWrk : byAutocannon

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

/** Starts `service/<file>`; what it logs is thrown away. */
async function started({ file, args = [], env = {} }) {
  const child = fork(join(import.meta.dirname, file), args, {
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ${args.join(' ')} ended with ${code}`)
  })
  ended.catch(() => {})
  const answer = async () => (await Promise.race([once(child, 'message'), ended]))[0]
  const { port, headers } = await answer()
  const told = (word) => {
    child.send(word)
    return answer()
  }
  const close = () => child.kill('SIGKILL')
  return { url: `http://127.0.0.1:${port}/hello`, headers: { origin, ...headers }, told, close }
}

/** Requests answered with 200; any other answer is an error. */
async function byWrk({ url, headers }) {
  const fields = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const words = ['-t1', `-c${connections}`, `-d${seconds}s`, ...fields, url]
  const { stdout } = await promisify(execFile)('wrk', words)
  if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout)
  return Number(/(\d+) requests in/.exec(stdout)[1])
}

async function byAutocannon({ url, headers }) {
  const result = await autocannon({ url, connections, duration: seconds, headers })
  if (result.non2xx + result.errors > 0) throw new Error(`${url}: not all answers are 200`)
  return result['2xx']
}

/** Requests a second, and microseconds of processor time a request. */
async function cost(server) {
  await server.told('begin')
  const count = await answered(server)
  const { time } = await server.told('end')
  return { rate: count / seconds, time: time / count }
}

/**
 * Prints how many times the requests of `theirs` the server `ours` answers in the same processor
 * time: the median of pairs in turn. Requests a second are shown too; the client bounds them.
 */
export async function compare({ name, ours, theirs, least, pairs = 7 }) {
  const servers = []
  for (const each of [ours, theirs]) servers.push(await started(each))
  try {
    for (const server of servers) await cost(server)
    const costs = []
    for (let i = 0; i < pairs; i++) costs.push([await cost(servers[0]), await cost(servers[1])])
    const ratio = median(costs.map(([a, b]) => b.time / a.time))
    const rates = median(costs.map(([a, b]) => a.rate / b.rate))
    const [a, b] = [0, 1].map((side) => median(costs.map((pair) => pair[side].time)))
    const words = least === undefined ? '' : ratio >= least ? `at least ${least}` : `UNDER ${least}`
    const times = `${a.toFixed(1).padStart(6)} µs ${b.toFixed(1).padStart(6)} µs`
    const ratios = `ratio ${ratio.toFixed(2)} (requests/s ${rates.toFixed(2)})`
    console.log(`${name.padEnd(44)} ${times}   ${ratios}  ${words}`)
    return least === undefined || ratio >= least
  } finally {
    for (const server of servers) server.close()
  }
}
