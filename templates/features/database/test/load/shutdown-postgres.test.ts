import { expect, test } from 'vitest'
import { emptyDatabase, postgresUrl } from '../support/database.ts'
import { leaveBehindBalancer } from '../support/leaving.ts'

if (!postgresUrl) console.info('Skipped: load tests of PostgreSQL. Set DATABASE_URL to run them.')

test.skipIf(!postgresUrl)(
  'SIGTERM drops no request behind a balancer, with two workers',
  async (context) => {
    const { url, drop } = await emptyDatabase()
    context.onTestFinished(drop)
    const left = await leaveBehindBalancer(context, { WORKERS: '2', DATABASE_URL: url })
    expect(left).toMatchObject({
      outcome: { keptOpen: 0, refused: 0, dropped: [] },
      heads: Array(5).fill(expect.stringMatching(/^http\/1\.1 200 .*\r\nconnection: close/s)),
      code: 0,
      stderr: '',
    })
  },
)
