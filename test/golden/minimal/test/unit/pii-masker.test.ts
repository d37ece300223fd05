import { describe, expect, test } from 'vitest'
import { PIIMasker } from '../../src/observability/pii-masker.ts'

const masker = new PIIMasker()

describe('a text', () => {
  test.each([
    ['mail ada@example.com', 'mail a***@example.com'],
    ['call (555) 123-4567', 'call ***-***-4567'],
    ['call +44 20 7946 0958', 'call ***-***-0958'],
    ['card 4111-1111-1111-1234', 'card ****-****-****-1234'],
    ['card 4242424242424242', 'card ****-****-****-4242'],
    ['4242424242424242,555-123-4567', '****-****-****-4242,***-***-4567'],
    ['SSN 219-09-9999', 'SSN ***-**-****'],
    ['key AKIAIOSFODNN7EXAMPLE', 'key ********'],
    ['authorization: Bearer abcDEF123456', 'authorization: Bearer ********'],
    ['postgres://app:p@ss@db.example.com/app', 'postgres://app:********@db.example.com/app'],
    ['/login?user=ada&password=hunter2&page=2', '/login?user=ada&password=********&page=2'],
    ['/users/ada%40example.com/orders', '/users/a***%40example.com/orders'],
    ['{"pin":1234,"page":2}', '{"pin":"********","page":2}'],
    ['{"body":"{\\"token\\":\\"abc\\"}"}', '{"body":"{\\"token\\":\\"********\\"}"}'],
  ])('%s is masked', (text, masked) => {
    expect(masker.mask(text)).toBe(masked)
    expect(masker.mask(masked)).toBe(masked)
  })

  test.each([
    'GET /api/v1/orders/1234567890 200 12ms',
    'id 3f2504e0-4f89-41d3-9a0c-0305e82c3301 at 2026-01-05T10:11:12.345Z',
    'sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709',
    'fastify@5.12.8 listens on 127.0.0.1:5432',
    'order #4111111111111112 costs $1,234.56',
    'max_tokens: 4096, the token bucket refilled',
  ])('%s stays', (text) => {
    expect(masker.mask(text)).toBe(text)
  })
})

describe('an object', () => {
  test('is copied without the values of its secret fields', () => {
    const user = { name: 'Ada', passwordHash: '$2b$10$abc', tokenCount: 5, cards: ['visa'] }
    const headers = { 'X-Api-Key': ['k'], accept: '*/*' }
    expect(masker.mask({ user, headers, card: 4111111111111111 })).toEqual({
      user: { ...user, passwordHash: '********' },
      headers: { ...headers, 'X-Api-Key': '********' },
      card: '****-****-****-1111',
    })
    expect(user.passwordHash).toBe('$2b$10$abc')
  })

  test('becomes one that can be logged', () => {
    const error = new Error('no ada@example.com', { cause: new Error('inner') })
    const value: Record<string, unknown> = {
      error,
      map: new Map([['password', 'x']]),
      bytes: Buffer.from('ada@example.com'),
      count: 1n,
      get broken() {
        throw new Error('unreadable')
      },
    }
    value.self = value
    expect(masker.mask(value)).toMatchObject({
      error: { name: 'Error', message: 'no a***@example.com', cause: { message: 'inner' } },
      map: { password: '********' },
      bytes: '[15 bytes]',
      count: '1',
      self: '[circular]',
    })
    expect(masker.mask(value)).not.toHaveProperty('broken')
  })
})

describe('options', () => {
  test('add fields and patterns', () => {
    const own = new PIIMasker({
      fields: ['nationalId'],
      patterns: [{ name: 'employee', pattern: 'EMP-\\d+' }],
    })
    expect(own.mask({ national_id: 'A1', note: 'ask EMP-1234' })).toEqual({
      national_id: '********',
      note: 'ask ********',
    })
  })

  test('refuse a pattern that may take more than linear time', () => {
    const patterns = [{ name: 'badge', pattern: '(\\d+)+x' }]
    expect(() => new PIIMasker({ patterns })).toThrow('The pattern "badge" may take')
  })
})
