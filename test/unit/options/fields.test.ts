import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { fieldModifiers, fieldTypes } from '../../../src/options/field.ts'
import { parseFields, readFields, showFault } from '../../../src/options/fields.ts'

function spelling(word: string): string | undefined {
  return parseFields([word])[0]?.spelling
}

function faults(...words: string[]): string[] {
  return readFields(words).faults.map(showFault)
}

const argument: Record<string, string> = { decimal: ':10,2', enum: ':a,b', string: ':120' }

describe('every type', () => {
  const defaults: Record<string, string[]> = {
    string: ['', 'two words', 'a:b=c'],
    text: ['', "it's"],
    int: ['0', '-2147483648', '2147483647'],
    bigint: ['-9223372036854775808', '9223372036854775807'],
    float: ['1.5', '-2', '1e21'],
    decimal: ['0', '-99999999.99', '1.5'],
    boolean: ['true', 'false'],
    date: ['2024-02-29'],
    timestamp: ['now', '2026-01-31T09:30:00.000Z'],
    uuid: ['01932c07-8e2a-7cc3-9d3f-5b7c2f0a4e11'],
    enum: ['a', 'b'],
    json: [],
  }

  describe.each(fieldTypes)('%s', (type) => {
    const base = `x:${type}${argument[type] ?? ''}`

    it('stands alone', () => {
      expect(spelling(base)).toBe(base)
    })

    test.each(fieldModifiers)('%s', (modifier) => {
      const isIndexed = modifier === 'index' || modifier === 'unique'
      const allowed =
        modifier === 'optional' || (type !== 'json' && !(type === 'text' && isIndexed))
      expect(faults(`${base}:${modifier}`)).toHaveLength(allowed ? 0 : 1)
    })

    it('takes its defaults, and only the empty one as an array', () => {
      for (const value of defaults[type] ?? []) {
        expect(spelling(`${base}:optional=${value}`)).toBe(`${base}:optional=${value}`)
        if (value !== '') expect(faults(`${base}:array=${value}`)).toHaveLength(1)
      }
      if (type !== 'json') expect(spelling(`${base}:array=[]`)).toBe(`${base}:array=`)
    })
  })
})

describe('names that cannot be columns or properties', () => {
  test.each(['cmax', 'cmin', 'ctid', 'tableoid', 'xmax', 'xmin', 'CTID', 'Xmin'])(
    'refuses the system column %s of PostgreSQL, and suggests another name',
    (name) => {
      const [fault] = readFields([`${name}:int`]).faults
      expect(fault?.message).toBe(
        `every PostgreSQL table already has a column ${name.toLowerCase()}`,
      )
      expect(fault?.hint).toContain(`${name.toLowerCase()}Value`)
      expect(faults(`${name.toLowerCase()}Value:int`)).toEqual([])
    },
  )

  test.each(['then', 'Then'])('refuses %s, which makes an object a promise', (name) => {
    const [fault] = readFields([`${name}:string`]).faults
    expect(fault?.message).toContain('promise')
    expect(fault?.hint).toContain('thenAction')
    expect(faults('thenAction:string', 'catch:string', 'oid:int')).toEqual([])
  })
})

describe('notations', () => {
  test.each([
    ['name:string(120)', 'name:string:120'],
    ['name:string', 'name:string:255'],
    ['price:decimal(10,2)?', 'price:decimal:10,2:optional'],
    ['status:enum(draft,active)=draft', 'status:enum:draft,active=draft'],
    ['tags:string[]', 'tags:string:255:array'],
    ['tags:string(40)[]?', 'tags:string:40:optional:array'],
    ['at:timestamp?', 'at:timestamp:optional'],
    ['released_at:date', 'releasedAt:date'],
    ['released-at:date', 'releasedAt:date'],
    ['sku:string:index:40', undefined],
    ['sku:string:unique:index', 'sku:string:255:unique'],
    ['ratio:float=-1.50', 'ratio:float=-1.5'],
    ['price:decimal:10,2=-007.5', 'price:decimal:10,2=-7.5'],
    ['n:int=-0', 'n:int=0'],
    ['at:timestamp=2026-01-31T10:30:00+01:00', 'at:timestamp=2026-01-31T09:30:00.000Z'],
    [
      'key:uuid=0190A0A0-0000-7000-8000-000000000000',
      'key:uuid=0190a0a0-0000-7000-8000-000000000000',
    ],
  ])('%s', (word, canonical) => {
    if (canonical === undefined) expect(faults(word)).not.toEqual([])
    else expect(spelling(word)).toBe(canonical)
  })

  it('gives plain data', () => {
    const fields = parseFields(['releasedAt:timestamp:optional', 'price:decimal:10,2=1'])
    expect(JSON.parse(JSON.stringify(fields))).toEqual(fields)
    expect(fields[0]).toMatchObject({ name: 'releasedAt', column: 'released_at', optional: true })
    expect(fields[1]).toMatchObject({ precision: 10, scale: 2, default: '1' })
  })

  it('takes words that are reserved in SQL and in JavaScript', () => {
    expect(faults('order:int', 'select:text', 'class:string', 'default:boolean')).toEqual([])
  })

  it('spells every field such that it reads the same', () => {
    const words = fc.constantFrom(
      'name:string(9)[]',
      'a:enum(x,y)?=y',
      'b:float:index=1e30',
      'c:text=',
    )
    fc.assert(
      fc.property(words, (word) => {
        const once = parseFields([word])
        expect(parseFields(once.map((field) => field.spelling))).toEqual(once)
      }),
    )
  })
})

describe('faults', () => {
  test.each([
    ['price:decmal:10,2', '      ^^^^^^ unknown type "decmal"; did you mean decimal?'],
    ['b:bool', '  ^^^^ unknown type "bool"; did you mean boolean?'],
    ['at:datetime', '   ^^^^^^^^ unknown type "datetime"; did you mean timestamp?'],
    ['price', '     ^ a type is missing here'],
    ['price:', '      ^ a type is missing here'],
    [':int', '^ a name is missing here'],
    ['1a:int', '^^ a name begins with a letter from A to Z and has letters and digits'],
    ['größe:int', '^^^^^ a name begins with a letter from A to Z and has letters and digits'],
    ['../x:int', '^^^^ a name begins with a letter from A to Z and has letters and digits'],
    ['__proto__:int', '^^^^^^^^^ every JavaScript object has this property already'],
    ['id:uuid', '^^ every resource already has id'],
    ['updated_at:date', '^^^^^^^^^^ every resource already has updatedAt'],
    ['x:string:0', '         ^ a limit is a number from 1 to 10485760'],
    ['x:string:12a', '         ^^^ a limit is a number from 1 to 10485760'],
    ['x:string:', '         ^ a limit is a number from 1 to 10485760'],
    ['x:enum', '  ^^^^ enum needs an argument'],
    ['x:enum:a,,b', '         ^ a value is missing here'],
    ['x:enum:a,b,a', '           ^ "a" is repeated'],
    ['x:enum:a,b!', '         ^^ a value has letters, digits and . _ - only'],
    ['x:decimal', '  ^^^^^^^ decimal needs an argument'],
    [
      'x:decimal:2',
      '          ^ a decimal takes two numbers: digits in total, and digits after the point',
    ],
    ['x:decimal:2,3', '            ^ a scale is a number from 0 to the precision, 2'],
    ['x:decimal:0,0', '          ^ a precision is a number from 1 to 1000'],
    ['x:int(5)', '      ^ int takes no argument'],
    ['x:int:uniq', '      ^^^^ unknown modifier "uniq"; did you mean unique?'],
    ['x:int:unique:unique', '             ^^^^^^ unique is repeated'],
    ['x:int:', '      ^ a modifier is missing here'],
    ['x:int[]:index', '        ^^^^^ an array takes no index'],
    ['x:text:index', '       ^^^^^ an index entry has at most 2704 bytes, which is 650 characters'],
    [
      'x:text:unique',
      '       ^^^^^^ an index entry has at most 2704 bytes, which is 650 characters',
    ],
    [
      'x:string:651:optional:unique',
      '                      ^^^^^^ an index entry has at most 2704 bytes, which is 650 characters',
    ],
    ['x:json:array', '       ^^^^^ a json field takes no array'],
    ['x:json={}', '       ^^ a json field takes no default'],
    ['x:int=2147483648', '      ^^^^^^^^^^ it is a whole number from -2147483648 to 2147483647'],
    ['x:int=', '      ^ it is a whole number from -2147483648 to 2147483647'],
    ['x:string:2=abc', '           ^^^ it has 3 characters; the limit is 2'],
    ['x:boolean=yes', '          ^^^ it is true or false'],
    ['x:date=2026-02-30', '       ^^^^^^^^^^ a date is written as in 2026-01-31'],
    ['x:timestamp=later', '            ^^^^^ it is now, or a time as in 2026-01-31T09:30:00Z'],
    ['x:enum:a,b=c', '           ^ it is one of a, b'],
    [
      'x:decimal:4,2=100',
      '              ^^^ it is a number with at most 2 digits before the point and 2 after it',
    ],
    ['c:references:Category', "  ^^^^^^^^^^ references aren't available in this version"],
    ['x:string(12', "        ^^^ this can't be parsed"],
    ['x:string)', "        ^ this can't be parsed"],
    [
      'limit:int:index',
      "^^^^^ lists couldn't be filtered by it: limit is a parameter of every list",
    ],
  ])('%s', (word, caret) => {
    const [shown] = faults(word)
    expect(shown?.split('\n').slice(0, 2)).toEqual([`  ${word}`, `  ${caret}`])
  })

  it('reports all of all fields at once', () => {
    expect(faults('a:nope', 'ok:int', 'b:int:uniq:foo=x', 'ok:text')).toHaveLength(5)
  })

  it('throws them as one usage error', () => {
    expect(() => parseFields(['a:nope', 'b:string:0'])).toThrow(
      expect.objectContaining({ code: 'BAD_FIELD', exitCode: 2 }),
    )
  })

  it('keeps the caret under the place behind characters of two units, and shows no control', () => {
    expect(faults('x:enum:😀,b,b')[0]).toContain('\n         ^ a value has')
    expect(faults('x:int=\n5')[0]).toMatch(/^ {2}x:int=·5\n {8}\^\^ /)
  })

  it('never fails in another way', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab:?[](),.=_-1 éint') }), (word) => {
        for (const { start, end } of readFields([word, `x:${word}`]).faults) {
          expect(start).toBeLessThanOrEqual(end)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
