// Runs the README's first command as it stands there, and waits until the new service answers.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const url = 'http://127.0.0.1:8000/docs'
const line = readFileSync('README.md', 'utf8').match(/^npm ci && npx .*$/m)?.[0]
if (line === undefined) throw new Error('README.md has no line that starts with npm ci && npx')

const answers = () =>
  fetch(url).then(
    ({ status }) => status === 200,
    () => false,
  )
if (await answers()) throw new Error(`something answers on ${url} before the service was created`)

const child = spawn('sh', ['-c', line], { stdio: ['ignore', 'inherit', 'inherit'], detached: true })
const ended = once(child, 'close')
const until = Date.now() + 5 * 60_000
while (!(await answers())) {
  if (child.exitCode !== null) throw new Error(`${line} ended with ${child.exitCode}`)
  if (Date.now() > until) break
  await sleep(250)
}
const isServing = await answers()
console.log(isServing ? `${url} answers` : `${url} does not answer`)
// As a terminal would: Ctrl-C goes to every process of the group.
process.kill(-child.pid, 'SIGINT')
await ended
process.exitCode = isServing ? 0 : 1
