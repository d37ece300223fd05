import { afterEach, describe, expect, test, vi } from 'vitest'
import { costOf, hashPassword, isOutdated, verifyPassword } from '../../../src/auth/password.ts'
import { Passwords } from '../../../src/auth/passwords.ts'
import { ServiceUnavailableError } from '../../../src/http/app-error.ts'

const cheap = { logN: 4, r: 8, p: 1 }
const word = 'correct horse battery'

afterEach(() => {
  vi.restoreAllMocks()
})

test('a hash says how it was made, and differs each time', async () => {
  const hash = await hashPassword(word, cheap)
  expect(hash).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(await hashPassword(word, cheap)).not.toBe(hash)
})

test('the password is right, and no other one', async () => {
  const hash = await hashPassword(word, cheap)
  expect(await verifyPassword(word, hash, cheap)).toBe(true)
  for (const wrong of ['', 'Correct horse battery', `${word} `, hash]) {
    expect(await verifyPassword(wrong, hash, cheap)).toBe(false)
  }
  expect(await verifyPassword('', null, cheap)).toBe(false)
})

test('the vector of RFC 7914 is right', async () => {
  const salt = Buffer.from('NaCl').toString('base64').replaceAll('=', '')
  const hash = Buffer.from(
    'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162',
    'hex',
  )
  const encoded = `$scrypt$ln=10,r=8,p=16$${salt}$${hash.toString('base64').replaceAll('=', '')}`
  expect(await verifyPassword('password', encoded, cheap)).toBe(true)
})

test('letters count, not how a keyboard writes them', async () => {
  const hash = await hashPassword('caf\u00e9 au lait', cheap)
  expect(await verifyPassword('cafe\u0301 au lait', hash, cheap)).toBe(true)
})

test('a hash of another cost is good, and outdated', async () => {
  const hash = await hashPassword(word, cheap)
  const dear = { logN: 5, r: 8, p: 1 }
  expect(await verifyPassword(word, hash, dear)).toBe(true)
  expect(isOutdated(hash, dear)).toBe(true)
  expect(isOutdated(hash, cheap)).toBe(false)
})

test.each([
  [17, 1],
  [16, 2],
  [15, 3],
  [14, 5],
  [13, 10],
  [18, 1],
])('2^%i KiB take %i passes, as OWASP lists them', (logN, p) => {
  expect(costOf(logN)).toEqual({ logN, r: 8, p })
})

test('an unknown form is an error, no wrong password', async () => {
  await expect(verifyPassword(word, '$argon2id$x', cheap)).rejects.toThrow('unknown form')
})

test('without an account it takes as long', async () => {
  const cost = { logN: 13, r: 8, p: 2 }
  const hash = await hashPassword(word, cost)
  const timed = async (encoded: string | null) => {
    const times: number[] = []
    for (let run = 0; run < 3; run += 1) {
      const before = performance.now()
      await verifyPassword(word, encoded, cost)
      times.push(performance.now() - before)
    }
    return Math.min(...times)
  }
  const [known, unknown] = [await timed(hash), await timed(null)]
  expect(unknown).toBeGreaterThan(known / 3)
})

describe('many at the same time', () => {
  test('no more are hashed than may be, and all are in the end', async () => {
    const passwords = new Passwords({ scryptLogN: 4, hashingConcurrency: 2 })
    const hashes = await Promise.all(Array.from({ length: 20 }, () => passwords.hash(word)))
    expect(new Set(hashes).size).toBe(20)
    const answers = await Promise.all(hashes.map((hash) => passwords.verify(word, hash)))
    expect(answers.every(Boolean)).toBe(true)
  })

  test('whoever comes when too many wait is sent away, and the others are served', async () => {
    const passwords = new Passwords({ scryptLogN: 4, hashingConcurrency: 1 })
    const calls = Array.from({ length: 105 }, () => passwords.verify(word, null))
    const results = await Promise.allSettled(calls)
    const refused = results.filter((result) => result.status === 'rejected')
    expect(refused).toHaveLength(4)
    expect(refused[0]?.reason).toBeInstanceOf(ServiceUnavailableError)
    expect(await passwords.verify(word, null)).toBe(false)
  })
})
