import { expect, test } from 'vitest'
import { testApp } from '../support/app.ts'

test('without REDIS_URL there is no Redis, and no check of it', async () => {
  const app = await testApp()
  await app.ready()
  expect(app.redis).toBeUndefined()
  expect(await app.healthChecks.run()).not.toHaveProperty('redis')
  await app.close()
})
