import { expect, test } from 'vitest'
import { emptyDatabase } from '../../support/database.ts'
import { ServerProcess } from '../../support/server-process.ts'
import { skipReason } from '../support/postgres.ts'

test.skipIf(skipReason)(
  'workers share PostgreSQL: one migrates, all are ready',
  async (context) => {
    const { url, drop } = await emptyDatabase()
    context.onTestFinished(drop)
    const server = await ServerProcess.start({ WORKERS: '2', DATABASE_URL: url })
    context.onTestFinished(() => server.stop())
    await server.listening()
    await server.line('every worker listens')
    for (let count = 0; count < 4; count += 1) {
      expect((await fetch(`${server.url}/health/ready`)).status).toBe(200)
    }
    server.signal('SIGTERM')
    expect(await server.exit()).toEqual({ code: 0, signal: null })
    const lines = server.lines.map((line) => JSON.parse(line))
    const pidsOf = (message: string) =>
      new Set(lines.filter(({ msg }) => msg === message).map(({ pid }) => pid)).size
    expect(pidsOf('shut down')).toBe(2)
    expect(pidsOf('migration applied')).toBeLessThanOrEqual(1)
    expect(server.stderr).toBe('')
  },
)
