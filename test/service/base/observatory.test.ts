import { expect, test } from 'vitest'
import { testApp } from '../../support/app.ts'
import { observatoryScore } from '../support/observatory.ts'

const highest = 130

test.each([
  ['nothing at all', {}, 30],
  ['a frame and a type', { 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' }, 55],
  [
    'a policy that lets scripts in',
    {
      'content-security-policy': "default-src 'self' 'unsafe-inline'",
      'strict-transport-security': 'max-age=15767999',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'unsafe-url',
      'cross-origin-resource-policy': 'same-origin',
    },
    65,
  ],
  [
    'reflected origins with credentials',
    {
      'content-security-policy': "default-src 'none'; form-action 'none'; frame-ancestors 'none'",
      'strict-transport-security': 'max-age=15768000',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': 'https://stranger.example',
      'access-control-allow-credentials': 'true',
    },
    50,
  ],
])('the table knows %s', (_what, headers, score) => {
  expect(observatoryScore(headers)).toBe(score)
})

test.each(['/health/live', '/nowhere', '/%', '/docs'])('%s has the highest score', async (url) => {
  const env = { DOCS_ENABLED: 'true', CORS_ORIGINS: 'https://app.example.com' }
  const app = await testApp({ NODE_ENV: 'production', ...env })
  const { headers } = await app.inject({ url, headers: { origin: 'https://stranger.example' } })
  expect(observatoryScore(headers)).toBe(highest)
  await app.close()
})
