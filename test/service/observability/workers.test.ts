import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { scrape, sumOf } from '../support/scrape.ts'

const patient = { timeout: 300_000, interval: 50 }
const script = fileURLToPath(new URL('../support/workers.mjs', import.meta.url))

test('one page has what all workers counted, also those that were killed', async (context) => {
  const lines: Record<string, unknown>[] = []
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] })
  context.onTestFinished(() => {
    child.kill('SIGKILL')
  })
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)))
  const told = (msg: string) => lines.filter((line) => line.msg === msg)
  await expect.poll(() => told('every worker listens'), patient).toHaveLength(1)
  await expect.poll(() => told('listens'), patient).toHaveLength(2)
  const port = (msg: string) => `http://127.0.0.1:${told(msg)[0]?.port}`

  const pids = new Set<string>()
  for (let count = 0; count < 20; count += 1) {
    pids.add(await (await fetch(port('listens'))).text())
  }
  expect(pids.size).toBe(2)
  const page = await scrape(port('metrics are served'))
  expect(sumOf(page, 'answers_total')).toBe(20)
  expect(sumOf(page, 'workers')).toBe(2)
  expect(sumOf(page, 'answer_seconds_count')).toBe(20)
  expect(page.body).toMatch(
    /^answer_seconds_bucket\{le="[\d.]+"\} \d+ # \{trace_id="1"\} 0\.01 \d/m,
  )

  process.kill(Number(told('listens')[0]?.pid), 'SIGKILL')
  await expect.poll(() => told('listens'), patient).toHaveLength(3)
  const after = await scrape(port('metrics are served'))
  expect(sumOf(after, 'answers_total')).toBe(20)
  expect(sumOf(after, 'answer_seconds_count')).toBe(20)
  expect(sumOf(after, 'workers')).toBe(2)
  await fetch(port('listens'))
  expect(sumOf(await scrape(port('metrics are served')), 'answers_total')).toBe(21)
})
