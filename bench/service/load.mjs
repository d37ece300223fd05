// Loads two servers in turn and compares what a request costs them.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { origin, traceparent } from './measured.mjs'

const connections = 32
const seconds = 2
// Two processes of one program differ by some percent for as long as they live.
const starts = 3
const pairs = 3

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
  const { port, path, headers } = await answer()
  const told = (word) => {
    child.send(word)
    return answer()
  }
  const close = () => child.kill('SIGKILL')
  return {
    url: `http://127.0.0.1:${port}${path}`,
    headers: { origin, traceparent, ...headers },
    told,
    close,
  }
}

/**
 * Requests answered with 200; any other answer is an error. A client that is awake takes nothing of
 * the server's time; the system charges the server for waking one, which in a virtual machine can
 * cost more than to answer, and charges it to all but the fastest servers. Where the server has a
 * store to ask on this machine, the client must leave it a processor, and sleeps.
 */
async function answered({ url, headers }, awake) {
  let loading = awake
  const stayAwake = () => loading && setImmediate(stayAwake)
  stayAwake()
  const result = await autocannon({ url, connections, duration: seconds, headers })
  loading = false
  if (result.non2xx + result.errors > 0) throw new Error(`${url}: not all answers are 200`)
  return result['2xx']
}

/** Requests a second, and microseconds of processor time a request. */
async function cost(server, awake) {
  await server.told('begin')
  const count = await answered(server, awake)
  const { time } = await server.told('end')
  return { rate: count / seconds, time: time / count }
}

/** Costs of both, in turn: `pairs` of them, after a first load that warms them up. */
async function costsOf(sides, awake) {
  const servers = []
  try {
    for (const side of sides) servers.push(await started(side))
    for (const server of servers) await cost(server, awake)
    const costs = []
    for (let i = 0; i < pairs; i++) {
      costs.push([await cost(servers[0], awake), await cost(servers[1], awake)])
    }
    return costs
  } finally {
    for (const server of servers) server.close()
  }
}

/**
 * Prints how many times the requests of `theirs` the server `ours` answers in the same processor
 * time: the median of pairs in turn. Requests a second are shown too; the client bounds them.
 */
export async function compare({ name, ours, theirs, least, awake = true }) {
  const costs = []
  for (let i = 0; i < starts; i++) costs.push(...(await costsOf([ours, theirs], awake)))
  const ratio = median(costs.map(([a, b]) => b.time / a.time))
  const rates = median(costs.map(([a, b]) => a.rate / b.rate))
  const [a, b] = [0, 1].map((side) => median(costs.map((pair) => pair[side].time)))
  const words = least === undefined ? '' : ratio >= least ? `at least ${least}` : `UNDER ${least}`
  const times = `${a.toFixed(1).padStart(6)} µs ${b.toFixed(1).padStart(6)} µs`
  const ratios = `ratio ${ratio.toFixed(2)} (requests/s ${rates.toFixed(2)})`
  console.log(`${name.padEnd(44)} ${times}   ${ratios}  ${words}`)
  return least === undefined || ratio >= least
}
