import { afterEach, expect, test, vi } from 'vitest'
import { CredentialCache, type Proof } from '../../../src/auth/authenticator.ts'
import type { Identity } from '../../../src/http/route-policy.ts'

function person(userId: string): Identity {
  return { kind: 'user', userId, roles: [], permissions: [], tier: 'standard' }
}

const ada = person('ada')
const forLong = () => Date.now() + 3_600_000

afterEach(() => {
  vi.useRealTimers()
})

test('a proof is valid until it ends, and for ten seconds at most', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 })
  const cache = new CredentialCache()
  await cache.prove('long', async () => ({ identity: ada, until: forLong() }))
  await cache.prove('short', async () => ({ identity: ada, until: 5_000 }))
  expect([cache.get('long'), cache.get('short')]).toEqual([ada, ada])
  vi.setSystemTime(5_000)
  expect([cache.get('long'), cache.get('short')]).toEqual([ada, undefined])
  vi.setSystemTime(10_000)
  expect(cache.get('long')).toBeUndefined()
})

test('the ten seconds begin with the question, not with the answer', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 })
  const cache = new CredentialCache()
  await cache.prove('slow', async () => {
    vi.setSystemTime(7_000)
    return { identity: ada, until: forLong() }
  })
  vi.setSystemTime(9_999)
  expect(cache.get('slow')).toBe(ada)
  vi.setSystemTime(10_000)
  expect(cache.get('slow')).toBeUndefined()
})

test('a failure is not remembered', async () => {
  const cache = new CredentialCache()
  const check = vi.fn(() => Promise.reject<Proof>(new Error('down')))
  await expect(cache.prove('key', check)).rejects.toThrow('down')
  expect(cache.get('key')).toBeUndefined()
  await expect(cache.prove('key', check)).rejects.toThrow('down')
  expect(check).toHaveBeenCalledTimes(2)
})

test('ten thousand credentials are remembered, and the oldest is forgotten first', async () => {
  const cache = new CredentialCache()
  for (let count = 0; count <= 10_000; count += 1) {
    await cache.prove(`key-${count}`, async () => ({ identity: ada, until: forLong() }))
  }
  expect([cache.get('key-0'), cache.get('key-1')]).toEqual([undefined, ada])
})

test('forgetting removes what matches at once, and nothing else', async () => {
  const cache = new CredentialCache()
  for (const name of ['ada', 'bob']) {
    await cache.prove(name, async () => ({ identity: person(name), until: forLong() }))
  }
  cache.forget(({ userId }) => userId === 'ada')
  expect(cache.get('ada')).toBeUndefined()
  expect(cache.get('bob')).toBeDefined()
})

test('a check that is in flight during a revocation is not remembered', async () => {
  const cache = new CredentialCache()
  let answer = (_: Proof) => {}
  const slow = cache.prove('key', () => new Promise((resolve) => (answer = resolve)))
  cache.forget(({ userId }) => userId === 'ada')
  answer({ identity: ada, until: forLong() })
  expect(await slow).toBe(ada)
  expect(cache.get('key')).toBeUndefined()
})
