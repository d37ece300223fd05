// Starts a built service and bare Fastify in turn: time to the first answer, and memory then.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const rounds = 9

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

/** Milliseconds from the start of a program to its first answer, and MiB of memory it has then. */
async function start({ args, path, env, cwd }) {
  const port = String(await freePort())
  const begin = performance.now()
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, NODE_ENV: 'production', HOST: '127.0.0.1', ...env, PORT: port },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`${args.join(' ')} ended early`)
      const response = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined)
      if (response?.ok) break
      await sleep(2)
    }
    const time = performance.now() - begin
    const [, kib] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
    return { time, memory: Number(kib) / 1_024 }
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

/** Prints how many times bare Fastify's start time and memory the service takes: medians in turn. */
export async function compareStarts(app, env, most) {
  const bare = {
    args: [join(import.meta.dirname, 'bare-start.mjs'), app],
    path: '/hello',
    cwd: app,
  }
  const service = { args: ['dist/server.js'], path: '/health/live', env, cwd: app }
  // Applies the migrations, and fills the caches of the system.
  for (const side of [service, bare])
    await start({ ...side, env: { ...env, MIGRATE_ON_START: 'true' } })
  const pairs = []
  for (let round = 0; round < rounds; round += 1)
    pairs.push([await start(service), await start(bare)])
  let ok = true
  for (const [what, unit] of [
    ['time', 'ms'],
    ['memory', 'MiB'],
  ]) {
    const ratio = median(pairs.map(([a, b]) => a[what] / b[what]))
    const [a, b] = [0, 1].map((side) => median(pairs.map((pair) => pair[side][what])))
    const words = ratio <= most[what] ? `at most ${most[what]}` : `OVER ${most[what]}`
    const figures = `${a.toFixed(0).padStart(6)} ${unit} ${b.toFixed(0).padStart(6)} ${unit}`
    const name = `cold start, ${what} : bare`
    console.log(`${name.padEnd(44)} ${figures}   ratio ${ratio.toFixed(2)}  ${words}`)
    ok = ratio <= most[what] && ok
  }
  return ok
}
