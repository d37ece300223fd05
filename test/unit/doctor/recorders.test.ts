import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { checkRecorders } from '../../../src/doctor/recorders.ts'
import { temporaryFolder } from '../../support/tree.ts'

const definitions = `
interface Counter { inc(): void }
declare function counter(name: string): Counter
declare function defineMetrics<D>(title: string, definitions: D): { definitions: D }
export const metrics = defineMetrics('Jobs', {
  started: counter('jobs_started_total'),
  failed: counter('jobs_failed_total'),
  done: counter('jobs_done_total'),
})
declare const recorders: { [K in keyof typeof metrics.definitions]: Counter }
`

async function missing(code: string): Promise<readonly string[]> {
  const root = temporaryFolder()
  writeFileSync(join(root, 'tsconfig.json'), '{ "compilerOptions": { "strict": true } }')
  writeFileSync(join(root, 'metrics.ts'), definitions + code)
  const findings = await checkRecorders(root, ['metrics.ts'])
  return findings.map(({ message }) => message)
}

it.each([
  ['as a property', 'recorders.failed.inc()'],
  ['through a variable', 'const { failed } = recorders\nfailed.inc()'],
  ['through a variable of another name', 'const { failed: broken } = recorders\nbroken.inc()'],
  ['by its name', "recorders['failed'].inc()"],
])('a metric that is recorded %s is found', async (_, code) => {
  const others = 'recorders.started.inc()\nrecorders.done.inc()\n'
  expect(await missing(others + code)).toEqual([])
})

it('each metric that an expression may choose is found', async () => {
  const code = "export const end = (ok: boolean) => recorders[ok ? 'done' : 'failed'].inc()"
  expect(await missing(code)).toEqual(['no code records jobs_started_total (`started`)'])
})

it.each([
  ['only defined', ''],
  ['only taken out', 'const { failed } = recorders'],
  ['only described', 'console.log(metrics.definitions.failed)'],
])('a metric that is %s is missing', async (_, code) => {
  const others = 'recorders.started.inc()\nrecorders.done.inc()\n'
  expect(await missing(others + code)).toEqual(['no code records jobs_failed_total (`failed`)'])
})
