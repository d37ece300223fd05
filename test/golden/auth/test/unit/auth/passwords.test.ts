import { afterEach, describe, expect, test, vi } from 'vitest'
import { LoginAttempts, passwordHasher } from '../../../src/auth/passwords.ts'
import { RateLimitError, ServiceUnavailableError } from '../../../src/http/app-error.ts'
import { cheap, fullCost } from '../../support/passwords.ts'

const password = 'correct horse battery'

describe('passwordHasher', () => {
  const passwords = passwordHasher(cheap)

  test('stores how a hash was made, and salts it', async () => {
    const hash = await passwords.hash(password)
    expect(hash).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(await passwords.hash(password)).not.toBe(hash)
  })

  test('hashes with 64 MiB and two passes by default', async () => {
    expect(await passwordHasher(fullCost).hash(password)).toMatch(/^\$scrypt\$ln=16,r=8,p=2\$/)
  })

  test('verifies the password and nothing else', async () => {
    const hash = await passwords.hash(password)
    expect(await passwords.verify(password, hash)).toBe(true)
    for (const wrong of ['', 'Correct horse battery', `${password} `, hash]) {
      expect(await passwords.verify(wrong, hash)).toBe(false)
    }
    expect(await passwords.verify('', null)).toBe(false)
  })

  test('verifies hashes of another cost, and calls them outdated', async () => {
    const hash = await passwords.hash(password)
    const dearer = passwordHasher({ logN: 5, r: 8, p: 1 })
    expect(await dearer.verify(password, hash)).toBe(true)
    expect(dearer.isOutdated(hash)).toBe(true)
    expect(passwords.isOutdated(hash)).toBe(false)
  })

  test('serves a hundred callers who wait, and refuses the next', async () => {
    const calls = Array.from({ length: 105 }, () => passwords.verify(password, null))
    const results = await Promise.allSettled(calls)
    const refused = results.filter((result) => result.status === 'rejected')
    expect(refused).toHaveLength(3)
    expect(refused[0]?.reason).toBeInstanceOf(ServiceUnavailableError)
    expect(await passwords.verify(password, null)).toBe(false)
  })
})

describe('LoginAttempts', () => {
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  const fail = (attempts: LoginAttempts, times: number, account = 'ada', address = 'x') => {
    for (let count = 0; count < times; count += 1) attempts.begin(account, address)
  }

  test('allows ten failures for an account, and forgets them after a success', () => {
    const attempts = new LoginAttempts()
    fail(attempts, 10)
    expect(() => attempts.begin('ada', 'y')).toThrow(RateLimitError)
    attempts.begin('bob', 'y')
    attempts.succeed('ada', 'x')
    fail(attempts, 10)
    expect(() => attempts.begin('ada', 'y')).toThrow(RateLimitError)
  })

  test('does not count successes against an address', () => {
    const attempts = new LoginAttempts()
    for (let count = 0; count < 200; count += 1) {
      attempts.begin(`user-${count}`, 'office')
      attempts.succeed(`user-${count}`, 'office')
    }
  })

  test('allows more once 15 minutes have passed since the first failure', () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    const start = performance.now()
    const clock = vi.spyOn(performance, 'now')
    const waitUntil = (minute: number) => {
      clock.mockReturnValue(start + minute * 60_000 + 1)
      // lru-cache remembers the time for a millisecond.
      vi.runAllTimers()
    }
    waitUntil(0)
    const attempts = new LoginAttempts()
    fail(attempts, 9)
    waitUntil(14)
    fail(attempts, 1)
    expect(() => attempts.begin('ada', 'x')).toThrow(RateLimitError)
    waitUntil(16)
    attempts.begin('ada', 'x')
  })
})
