import { expect, test } from 'vitest'
import { passwordHasher } from '../../../src/auth/passwords.ts'
import { cheap, fullCost } from '../../support/passwords.ts'

const password = 'correct horse battery'

test('the test vector of RFC 7914 is verified', async () => {
  const salt = Buffer.from('NaCl').toString('base64').replaceAll('=', '')
  const hash = Buffer.from(
    'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162',
    'hex',
  )
  const encoded = `$scrypt$ln=10,r=8,p=16$${salt}$${hash.toString('base64').replaceAll('=', '')}`
  expect(await passwordHasher(cheap).verify('password', encoded)).toBe(true)
})

test('the code points of a letter do not matter', async () => {
  const passwords = passwordHasher(cheap)
  const hash = await passwords.hash('caf\u00e9 au lait')
  expect(await passwords.verify('cafe\u0301 au lait', hash)).toBe(true)
})

test('a hash of an unknown format is an error, not a wrong password', async () => {
  const passwords = passwordHasher(cheap)
  await expect(passwords.verify(password, '$argon2id$x')).rejects.toThrow('unknown format')
})

test('verifying takes as long without an account', async () => {
  const passwords = passwordHasher({ logN: 13, r: 8, p: 2 })
  const hash = await passwords.hash(password)
  const timed = async (encoded: string | null) => {
    const times: number[] = []
    for (let run = 0; run < 3; run += 1) {
      const before = performance.now()
      await passwords.verify(password, encoded)
      times.push(performance.now() - before)
    }
    return Math.min(...times)
  }
  const [known, unknown] = [await timed(hash), await timed(null)]
  expect(unknown).toBeGreaterThan(known / 3)
})

test('two hashes at a time take 128 MiB, however many callers wait', async () => {
  const passwords = passwordHasher(fullCost)
  const before = process.memoryUsage().rss
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss - before)
  }, 5)
  const hashes = await Promise.all(Array.from({ length: 8 }, () => passwords.hash(password)))
  clearInterval(watch)
  expect(new Set(hashes).size).toBe(8)
  // The hashes themselves, and what else the process allocates meanwhile.
  expect(peak / 2 ** 20).toBeLessThan(128 + 64)
})
