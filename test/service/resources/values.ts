const repeat = (text: string, times: number) => JSON.stringify(text.repeat(times))

/** Fields, values as they stand in a request (JSON), and what every response then has. */
export const accepted: [field: string, sent: string, back: unknown][] = [
  ['title', repeat('😀', 255), '😀'.repeat(255)],
  ['title', '" "', ' '],
  ['title', '"\\u0001\\u007f\\u2028 \\\\ \\" {,} NULL"', '\u0001\u007f\u2028 \\ " {,} NULL'],
  ['title', `"'); DELETE FROM specimens; --"`, "'); DELETE FROM specimens; --"],
  ['note', repeat('😀', 650), '😀'.repeat(650)],
  ['note', repeat('\u0001', 650), '\u0001'.repeat(650)],
  ['body', '""', ''],
  ['body', 'null', null],
  [
    'tags',
    '["NULL","{a,b}","\\"","\\\\","\\\\\\"","\\t"," "]',
    ['NULL', '{a,b}', '"', '\\', '\\"', '\t', ' '],
  ],
  ['tags', JSON.stringify(Array(100).fill('a')), Array(100).fill('a')],
  ['tags', '[]', []],
  ['qty', '2147483647', 2147483647],
  ['qty', '-2147483648', -2147483648],
  ['qty', '-0', 0],
  ['qty', '1.0', 1],
  ['counts', '[-2147483648,2147483647,-0]', [-2147483648, 2147483647, 0]],
  ['counts', 'null', null],
  ['views', '"9223372036854775807"', '9223372036854775807'],
  ['views', '"-9223372036854775808"', '-9223372036854775808'],
  ['views', '"-0"', '0'],
  ['views', '"007"', '7'],
  [
    'totals',
    '["9223372036854775807","-9007199254740993"]',
    ['9223372036854775807', '-9007199254740993'],
  ],
  ['ratio', '5e-324', 5e-324],
  ['ratio', '-1.7976931348623157e308', -1.7976931348623157e308],
  ['ratio', '0.1', 0.1],
  ['ratio', '123456789.12345679', 123456789.12345679],
  ['ratio', '-0', 0],
  ['ratio', '1e-400', 0],
  ['ratios', '[5e-324,0.1,-0,1.7976931348623157e308]', [5e-324, 0.1, 0, 1.7976931348623157e308]],
  ['price', '"99999999.99"', '99999999.99'],
  ['price', '"-99999999.99"', '-99999999.99'],
  ['price', '"-0"', '0.00'],
  ['price', '"1.5"', '1.50'],
  ['fees', '["99.999","-99.999","0"]', ['99.999', '-99.999', '0.000']],
  ['active', 'false', false],
  ['flags', '[true,false]', [true, false]],
  ['born', '"0001-01-01"', '0001-01-01'],
  ['born', '"9999-12-31"', '9999-12-31'],
  ['born', '"2024-02-29"', '2024-02-29'],
  ['days', '["0001-01-01","9999-12-31"]', ['0001-01-01', '9999-12-31']],
  ['key', '"0199C3A4-7B1E-7C55-9D3C-0E6C1F6A2B11"', '0199c3a4-7b1e-7c55-9d3c-0e6c1f6a2b11'],
  ['keys', '["FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF"]', ['ffffffff-ffff-ffff-ffff-ffffffffffff']],
  [
    'meta',
    '{"":{"b":[1,null,true,"x",-0]},"toString":"y"}',
    { '': { b: [1, null, true, 'x', 0] }, toString: 'y' },
  ],
  ['meta', '[1.7976931348623157e308,5e-324,"\\u0001"]', [1.7976931348623157e308, 5e-324, '\u0001']],
  ['meta', `${'['.repeat(60)}${']'.repeat(60)}`, JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`)],
  ['status', '"active"', 'active'],
  ['states', '["done","new"]', ['done', 'new']],
]

/** Moments as they stand in a request, and in every response. */
const moments: [sent: string, back: string][] = [
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ['0001-01-01T00:00:00-23:59', '0001-01-01T23:59:00.000Z'],
  ['0001-01-02T00:00:00Z', '0001-01-02T00:00:00.000Z'],
  ['0031-01-01T00:00:00Z', '0031-01-01T00:00:00.000Z'],
  ['0099-12-31T23:59:59.999Z', '0099-12-31T23:59:59.999Z'],
  ['0100-01-01T00:00:00Z', '0100-01-01T00:00:00.000Z'],
  // Before there were time zones, local times differed by seconds.
  ['1850-01-01T00:00:00Z', '1850-01-01T00:00:00.000Z'],
  ['1971-06-30T12:00:00.5+14:00', '1971-06-29T22:00:00.500Z'],
  ['2026-01-31t09:30:00.123999z', '2026-01-31T09:30:00.123Z'],
  ['9999-12-31T23:59:59.999999+00:00', '9999-12-31T23:59:59.999Z'],
  ['9999-12-31T23:59:59+23:59', '9999-12-31T00:00:59.000Z'],
]
for (const [sent, back] of moments) accepted.push(['startsAt', JSON.stringify(sent), back])
accepted.push([
  'moments',
  JSON.stringify(moments.map(([sent]) => sent)),
  moments.map(([, back]) => back),
])

const notMoments = [
  '2016-12-31T23:59:60Z',
  '2026-01-31T24:00:00Z',
  '2026-02-30T00:00:00Z',
  '2026-01-31 10:00:00Z',
  '2026-01-31T10:00:00',
  '2026-01-31T10:00:00+0530',
  '2026-01-31',
  '0000-12-31T23:59:59Z',
  '0001-01-01T00:00:00+00:01',
  '9999-12-31T23:59:59-00:01',
  '10000-01-01T00:00:00Z',
  '+010000-01-01T00:00:00Z',
  '0044-03-15T00:00:00Z BC',
  'infinity',
  '-infinity',
  'now',
  'epoch',
  '',
].map((text) => JSON.stringify(text))

const notDays = [
  ...['0000-01-01', '2026-02-29', '2026-13-01', '2026-00-10', '10000-01-01', '-0001-01-01'],
  ...[
    '0044-03-15 BC',
    'infinity',
    '-infinity',
    '2026-1-31',
    '20260131',
    '2026-01-31T00:00:00Z',
    '',
  ],
].map((text) => JSON.stringify(text))

const notUuids = [
  'urn:uuid:0199c3a4-7b1e-7c55-9d3c-0e6c1f6a2b11',
  '{0199c3a4-7b1e-7c55-9d3c-0e6c1f6a2b11}',
  '0199c3a47b1e7c559d3c0e6c1f6a2b11',
  '0199c3a4-7b1e-7c55-9d3c-0e6c1f6a2b1',
].map((text) => JSON.stringify(text))

/** Fields, and values that are refused with 422. */
export const refused: [field: string, values: string[]][] = [
  ['title', ['""', repeat('😀', 256), '"a\\u0000"', 'null', '1']],
  ['code', ['""', '"\\u0000"', repeat('a', 41)]],
  ['note', [repeat('a', 651), '"\\u0000"']],
  ['body', ['"\\u0000"', '[]']],
  ['tags', ['null', '"a"', '[null]', '["a",null]', '[""]', '[["a"]]', '["\\u0000"]']],
  ['tags', [JSON.stringify(Array(101).fill('a'))]],
  ['qty', ['2147483648', '-2147483649', '0.5', '1e400', '"1"', 'true', 'null']],
  ['counts', ['[null]', '[2147483648]', '[0.5]', '1']],
  [
    'views',
    ['"9223372036854775808"', '"-9223372036854775809"', '"1.0"', '1', '""', '"1e5"', '" 1"'],
  ],
  ['totals', ['["9223372036854775808"]', '[1]', '[null]']],
  ['ratio', ['1e400', '-1e400', '"NaN"', '"Infinity"', 'null']],
  ['ratios', ['[1e400]', '[null]', '["1"]']],
  [
    'price',
    ['"100000000"', '"0.001"', '"1e3"', '"NaN"', '"Infinity"', '".5"', '"1."', '""', '"-"', '1'],
  ],
  ['fees', ['["100"]', '["0.0001"]', '[null]', '["NaN"]']],
  ['active', ['1', '"true"', 'null']],
  ['flags', ['[null]', '["true"]']],
  ['born', notDays],
  ['days', [...notDays.map((day) => `[${day}]`), '[null]']],
  ['startsAt', notMoments],
  ['moments', [...notMoments.map((moment) => `["2026-01-31T00:00:00Z",${moment}]`), '[null]']],
  ['key', notUuids],
  ['keys', [...notUuids.map((uuid) => `[${uuid}]`), '[null]']],
  ['meta', ['"x"', '1', 'null', '{"a":1e400}', '{"a\\u0000":1}', '[[{"a":["\\u0000"]}]]']],
  ['status', ['"other"', '""', 'null', '"Draft"']],
  ['states', ['["other"]', '[null]']],
]
