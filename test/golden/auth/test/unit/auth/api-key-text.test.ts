import { expect, test } from 'vitest'
import { newApiKey, parseApiKey } from '../../../src/auth/api-key-text.ts'
import { uuidv7 } from '../../../src/http/uuid.ts'

test('a key is read as it was written, a thousand times', () => {
  for (let count = 0; count < 1_000; count += 1) {
    const id = uuidv7()
    const { text, secret } = newApiKey(id)
    expect(text).toMatch(/^ak_[\da-f]{32}_[\da-f]{56}$/)
    expect(parseApiKey(text)).toEqual({ id, secret })
  }
})

test('one wrong digit anywhere makes it none', () => {
  const { text } = newApiKey(uuidv7())
  for (let at = 0; at < text.length; at += 1) {
    const wrong = text[at] === '0' ? '1' : '0'
    expect(parseApiKey(text.slice(0, at) + wrong + text.slice(at + 1)), `at ${at}`).toBeUndefined()
  }
})

test.each(['', 'ak_', 'ak__', `ak_${'0'.repeat(32)}_${'0'.repeat(56)}`, '\n'])(
  '%j is none',
  (text) => {
    expect(parseApiKey(text)).toBeUndefined()
  },
)

test('no two are alike', () => {
  const id = uuidv7()
  expect(newApiKey(id).secret).not.toBe(newApiKey(id).secret)
})
