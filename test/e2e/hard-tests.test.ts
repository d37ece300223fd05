import { appendFileSync, cpSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { copiedService } from '../support/copied-service.ts'
import { everyField } from '../support/every-field.ts'
import { execute, succeed } from '../support/processes.ts'
import { databaseUrl, query } from '../support/served.ts'
import { temporaryFolder } from '../support/tree.ts'

/*
 * The tests of `test/service`, which are too hard or too many for the owner of a service to keep.
 * They run inside a service that has resources: with the servers that DATABASE_URL and REDIS_URL
 * name, and those about stores with its embedded stores too.
 */

const source = resolve(import.meta.dirname, '../service')
/** Services don't have it. */
const fastCheck = resolve(import.meta.dirname, '../../node_modules/fast-check')
const areas = readdirSync(source, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'support')
  .map(({ name }) => name)

const { DATABASE_URL, REDIS_URL } = process.env
const both = 'PostgreSQL and Redis'
const servers = [DATABASE_URL && 'PostgreSQL', REDIS_URL && 'Redis'].filter(Boolean).join(' and ')
if (servers !== both) {
  process.stderr.write(
    'Some hard tests are skipped: they need a server that DATABASE_URL or REDIS_URL would name.\n',
  )
}

/** What another store may break. The rest runs once: on the servers, if there are any. */
const aboutStores = ['cache', 'database', 'rate-limit', 'redis', 'resources']

const database = `create_service_hard_${process.pid}`
const embedded = { name: 'embedded stores', DATABASE_URL: undefined, REDIS_URL: undefined }
const stores =
  servers === ''
    ? [{ ...embedded, areas }]
    : [
        { ...embedded, areas: aboutStores },
        { name: servers, areas, DATABASE_URL: DATABASE_URL && databaseUrl(database), REDIS_URL },
      ]

let root: string
let own: string

beforeAll(async () => {
  root = copiedService()
  own = join(root, 'node_modules/.bin/create-service')
  if (DATABASE_URL !== undefined) query(root, `CREATE DATABASE ${database}`)
  const generate = ['generate', 'resource', '--no-install']
  await succeed(root, [own, ...generate, 'Specimen', ...everyField])
  await succeed(root, [own, ...generate, 'Notice', 'title:string:unique', '--public'])
  cpSync(source, join(root, 'test/service'), { recursive: true })
  symlinkSync(fastCheck, join(root, 'node_modules/fast-check'))
})

afterAll(() => {
  if (DATABASE_URL !== undefined) query(root, `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
})

it('the hard tests fit the types of the service', async () => {
  expect(await execute(root, ['npx', 'tsc'])).toEqual({ code: 0, output: '' })
})

describe.each(stores)('on $name', ({ name, areas, ...urls }) => {
  it.each(areas)('%s withstands the hard tests', { timeout: 30 * 60_000 }, async (area) => {
    const report = join(temporaryFolder(), 'report.json')
    const config = ['--config', 'test/service/vitest.config.ts', `test/service/${area}/`]
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const { code, output } = await execute(
      root,
      ['npx', 'vitest', 'run', ...config, ...reporters],
      {
        CI: 'true',
        NO_COLOR: '1',
        TEST_SEED: `${inject('seed')}`,
        ...urls,
      },
    )
    if (code !== 0) throw new Error(`The hard tests of ${area} failed on ${name}.\n${output}`)
    const { passed, skipped } = readReport(report)
    console.info(`${area} on ${name}: ${passed} hard tests passed\n${told(output)}`)
    if (process.env.TEST_COUNTS) appendFileSync(process.env.TEST_COUNTS, `${passed} 0\n`)
    expect(passed).toBeGreaterThan(0)
    if (name === both) expect(skipped).toEqual([])
  })
})

interface Report {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

function readReport(file: string): { passed: number; skipped: readonly string[] } {
  const { numPassedTests, testResults }: Report = JSON.parse(readFileSync(file, 'utf8'))
  const skipped = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'passed')
    .map(({ fullName }) => fullName)
  return { passed: numPassedTests, skipped }
}

/** What the tests themselves printed. */
function told(output: string): string {
  return output
    .split('\n')
    .filter(
      (line) =>
        line.trim() !== '' && !/^ *(✓|RUN|Test Files|Tests|Start at|Duration|JSON)/.test(line),
    )
    .join('\n')
}
