import { Agent, get } from 'node:http'
import { expect, test } from 'vitest'
import { testApp } from '../support/app.ts'

const clients = 32
const requests = 2_000
const limit = 20

test.each(['token-bucket', 'sliding-window'] as const)(
  '%s: refuses all but the limit at full speed',
  async (algorithm) => {
    const app = await testApp({ RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_ADDRESS_LIMIT: '0' })
    const rateLimit = { limit, window: 86_400, algorithm }
    app.get('/work', { config: { rateLimit } }, async () => ({}))
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const agent = new Agent({ keepAlive: true, maxSockets: clients })
    const ask = () =>
      new Promise<number>((resolve, reject) => {
        get(`${url}/work`, { agent }, (response) => {
          response.resume().on('end', () => resolve(response.statusCode ?? 0))
        }).on('error', reject)
      })
    const statuses = new Map<number, number>()
    let left = requests
    const client = async () => {
      while (left > 0) {
        left -= 1
        const status = await ask()
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
    }
    await Promise.all(Array.from({ length: clients }, client))
    agent.destroy()
    await app.close()
    expect(Object.fromEntries(statuses)).toEqual({ 200: limit, 429: requests - limit })
  },
)
