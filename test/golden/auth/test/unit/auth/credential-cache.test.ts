import { afterEach, expect, test, vi } from 'vitest'
import { CredentialCache, type Proof } from '../../../src/auth/credential-cache.ts'
import type { Identity } from '../../../src/http/route-policy.ts'

function person(userId: string): Identity {
  return { kind: 'user', userId, roles: [], permissions: [], tier: 'standard' }
}

const ada = person('ada')
const forLong = () => Date.now() + 3_600_000

afterEach(() => {
  vi.useRealTimers()
})

test('what was proved is known, until its time or that of the cache is over', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 })
  const cache = new CredentialCache(30_000)
  await cache.prove('long', async () => ({ identity: ada, until: forLong() }))
  await cache.prove('short', async () => ({ identity: ada, until: 10_000 }))
  expect([cache.known('long'), cache.known('short')]).toEqual([ada, ada])
  vi.setSystemTime(10_000)
  expect([cache.known('long'), cache.known('short')]).toEqual([ada, undefined])
  vi.setSystemTime(30_000)
  expect(cache.known('long')).toBeUndefined()
})

test('the time of the cache begins with the question, not with the answer', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 })
  const cache = new CredentialCache(30_000)
  await cache.prove('slow', async () => {
    vi.setSystemTime(20_000)
    return { identity: ada, until: forLong() }
  })
  vi.setSystemTime(29_999)
  expect(cache.known('slow')).toBe(ada)
  vi.setSystemTime(30_000)
  expect(cache.known('slow')).toBeUndefined()
})

test('many who ask at the same time are one check', async () => {
  const cache = new CredentialCache(30_000)
  const check = vi.fn(async () => ({ identity: ada, until: forLong() }))
  await Promise.all([1, 2, 3].map(() => cache.prove('key', check)))
  expect(check).toHaveBeenCalledOnce()
})

test('a failure is told to all who wait, and asked for again', async () => {
  const cache = new CredentialCache(30_000)
  const check = vi.fn(() => Promise.reject<Proof>(new Error('down')))
  const both = [cache.prove('key', check), cache.prove('key', check)]
  for (const one of both) await expect(one).rejects.toThrow('down')
  expect(cache.known('key')).toBeUndefined()
  await expect(cache.prove('key', check)).rejects.toThrow('down')
  expect(check).toHaveBeenCalledTimes(2)
})

test('what is forgotten is unknown at once, and nothing else', async () => {
  const cache = new CredentialCache(30_000)
  for (const name of ['ada', 'bob']) {
    await cache.prove(name, async () => ({ identity: person(name), until: forLong() }))
  }
  cache.forget(({ userId }) => userId === 'ada')
  expect(cache.known('ada')).toBeUndefined()
  expect(cache.known('bob')).toBeDefined()
})

test('a check that was under way is not remembered, and not joined', async () => {
  const cache = new CredentialCache(30_000)
  let answer = (_: Proof) => {}
  const slow = cache.prove('key', () => new Promise((resolve) => (answer = resolve)))
  cache.forget(({ userId }) => userId === 'ada')
  const later = cache.prove('key', () => Promise.reject(new Error('revoked')))
  await expect(later).rejects.toThrow('revoked')
  answer({ identity: ada, until: forLong() })
  await slow
  expect(cache.known('key')).toBeUndefined()
})
