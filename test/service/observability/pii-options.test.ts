import { describe, expect, test } from 'vitest'
import { PIIMasker } from '../../../src/observability/pii-masker.ts'

describe('custom fields and patterns', () => {
  test('a field is known in any spelling', () => {
    const own = new PIIMasker({ fields: ['nationalId', 'salary'] })
    expect(
      own.mask({ national_id: 'A1', 'National-Id': 'B2', salary: 10, salaryBand: 'C' }),
    ).toEqual({
      national_id: '********',
      'National-Id': '********',
      salary: '********',
      salaryBand: 'C',
    })
    expect(own.mask('{"nationalId":"A1"} salary=10')).toBe(
      '{"nationalId":"********"} salary=********',
    )
  })

  test.each(['EMP-\\d{4}', '(?:EMP)-[0-9]+', '\\p{Lu}{3}-\\d{4}'])(
    '%s is applied to each match',
    (pattern) => {
      const own = new PIIMasker({ patterns: [{ name: 'employee', pattern }] })
      expect(own.mask('EMP-1234 and EMP-5678')).toBe('******** and ********')
      expect(own.mask({ a: ['EMP-1234'] })).toEqual({ a: ['********'] })
    },
  )

  test('a pattern that matches nothing at all masks nothing', () => {
    expect(new PIIMasker({ patterns: [{ name: 'empty', pattern: 'x*' }] }).mask('axxb')).toBe(
      'a********b',
    )
  })

  const slow = [
    '(a+)+$',
    '(a|a)*$',
    '(a|aa)+$',
    '^(\\w+\\s?)*$',
    '(.*)*x',
    '\\d+\\d+x',
    '\\d+-\\d+-\\d+x',
    '[a-z]+@',
    '\\s+$',
    '.*foo',
    'A\\w+X',
    '(a{1,30}){1,30}b',
    '(?:a?){30}a{30}',
    'a?'.repeat(30) + 'a'.repeat(30),
    '(x+x+)+y',
    '(\\w)\\1+x',
    'x*x*y',
    'b(?:ab)+c',
    '(?=-)\\d+x',
    '(?<!-)\\d+x',
    '-?\\d+x',
    'x-(?:\\d+|\\w+)+y',
    'a{2000}',
    '([a-zA-Z]+)*\\d',
    '(?<name>a+)+$',
    '[^@]+@',
    '(?:-a)?\\d+x',
    '(?:a|-)\\d+\\.',
  ]

  test.each(slow)('%s is refused by its name', (pattern) => {
    expect(() => new PIIMasker({ patterns: [{ name: 'badge', pattern }] })).toThrow(
      'The pattern "badge" may take',
    )
  })

  const fast = [
    'EMP-\\d+',
    'EMP\\d{6}',
    '(?:EMP|STAFF)-\\d+',
    '(?<=user=)\\w+',
    '\\bACME-[A-Z0-9]{8}\\b',
    '[a-z]{1,64}@',
    '\\w+',
    'cust_\\w+',
    '[A-Z]{5}\\d{4}[A-Z]',
  ]

  test.each(fast)('%s is taken', (pattern) => {
    expect(() => new PIIMasker({ patterns: [{ name: 'badge', pattern }] })).not.toThrow()
  })

  test('a pattern that cannot be read is refused', () => {
    expect(() => new PIIMasker({ patterns: [{ name: 'badge', pattern: '(' }] })).toThrow(/badge/)
  })
})
