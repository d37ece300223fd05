import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../support/log-lines.mjs', import.meta.url))
const ways = ['SIGTERM', 'exit', 'error', 'rejection']
const runs = Array.from({ length: 10 }, (_, index) => index)

interface Options {
  way: string
  /** How many lines are logged, and how many characters each message has. */
  lines: number
  length: number
  /** How long (s) nobody reads the pipe. */
  pause?: number
}

/** The numbers of the lines that arrive, and how many were logged. */
async function log({ way, lines, length, pause = 0 }: Options) {
  const command = '"$0" "$1" "$2" "$3" "$4" | { sleep "$5"; cat; }'
  const args = [process.execPath, script, way, `${lines}`, `${length}`, `${pause}`]
  const env = { PATH: process.env.PATH, NODE_ENV: 'test' }
  const child = spawn('sh', ['-c', command, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  if (child.exitCode === null) await once(child, 'exit')
  const numbers = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).number)
  return { numbers: numbers.filter((it) => it !== undefined), logged: Number(errors) }
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1)
}

test.each(ways)('%s loses no line, ten times', async (way) => {
  for (const run of runs) {
    const { numbers, logged } = await log({ way, lines: 17 * (run + 1), length: 100 })
    expect(logged).toBe(17 * (run + 1))
    expect(numbers).toEqual(upTo(logged))
  }
})

test('a pipe that is full loses no line, whatever ends the process, ten times', async () => {
  for (const run of runs) {
    const way = ways[run % ways.length] ?? ''
    const { numbers, logged } = await log({ way, lines: 400, length: 1_000, pause: 0.7 })
    expect(logged, way).toBe(400)
    expect(numbers, way).toEqual(upTo(400))
  }
})
