import fc from 'fast-check'
import {
  base62,
  base64url,
  capitals,
  digits,
  hex,
  joined,
  letters,
  numerals,
  stringOf,
} from './texts.ts'

/** A text that holds personal data or a secret, and what remains of it. */
export interface Specimen {
  readonly input: string
  readonly expected: string
}

function hidden(input: fc.Arbitrary<string>): fc.Arbitrary<Specimen> {
  return input.map((text) => ({ input: text, expected: '********' }))
}

const local = joined(
  fc.constantFrom(...letters, ...capitals, ...numerals, 'é', 'я', '張'),
  stringOf(`${letters}${numerals}._%+-`, 0, 20),
).filter((text) => text !== 'git' && !/[.-]$|%[0-9a-f]{2}/.test(text))
const label = joined(
  stringOf(letters, 1),
  stringOf(`${letters}${numerals}-`, 0, 10),
  stringOf(letters, 1),
)
const domain = joined(
  fc
    .array(fc.oneof(label, fc.constantFrom('münchen', 'xn--mnchen-3ya')), {
      minLength: 1,
      maxLength: 3,
    })
    .map((it) => it.join('.')),
  '.',
  fc.constantFrom('com', 'org', 'de', 'co.uk', 'example', 'рф', 'xn--p1ai', 'museum'),
)
const email = fc.tuple(local, domain).map(([name, at]) => ({
  input: `${name}@${at}`,
  expected: `${String.fromCodePoint(name.codePointAt(0) as number)}***@${at}`,
}))

/** Country codes with the groups in which numbers are written there. */
const countries: readonly (readonly [string, readonly number[]])[] = [
  ['1', [3, 3, 4]],
  ['44', [2, 4, 4]],
  ['44', [4, 6]],
  ['49', [4, 7]],
  ['49', [2, 3, 5]],
  ['33', [1, 2, 2, 2, 2]],
  ['81', [1, 4, 4]],
  ['91', [5, 5]],
  ['86', [3, 4, 4]],
  ['7', [3, 3, 2, 2]],
  ['55', [2, 5, 4]],
  ['61', [1, 4, 4]],
  ['45', [2, 2, 2, 2]],
  ['353', [2, 3, 4]],
  ['971', [2, 3, 4]],
]
const foreignPhone = fc
  .tuple(
    fc.constantFrom(...countries),
    fc.constantFrom('-', '.', ' ', ''),
    fc.infiniteStream(fc.nat(9)),
  )
  .map(([[code, sizes], gap, stream]) => {
    const groups = sizes.map((size) => [...stream.take(size)].join(''))
    return `+${[code, ...groups].join(gap)}`
  })
  .filter((text) => !/^\+\d+\.\d+$/.test(text))
const americanPhone = fc
  .tuple(
    fc.constantFrom(
      '(A) B-C',
      'A-B-C',
      'A.B.C',
      'A B C',
      '(A)B-C',
      '1-A-B-C',
      '+1 (A) B-C',
      '+1 A B C',
      '1 (A) B-C',
    ),
    digits(3),
    digits(3),
    digits(4),
  )
  .map(([form, ...parts]) =>
    form.replace('A', parts[0]).replace('B', parts[1]).replace('C', parts[2]),
  )
const nationalPhone = fc.oneof(
  joined('(0', digits(2), ') ', digits(4), ' ', digits(4)),
  joined('020 ', digits(4), ' ', digits(4)),
  joined('04', digits(2), ' ', digits(3), ' ', digits(3)),
  joined(
    '0',
    stringOf('123456789', 1),
    ' ',
    digits(2),
    ' ',
    digits(2),
    ' ',
    digits(2),
    ' ',
    digits(2),
  ),
  joined('010-', digits(4), '-', digits(4)),
)
const phone = fc.oneof(foreignPhone, americanPhone, nationalPhone).map((input) => ({
  input,
  expected: `***-***-${input.replace(/\D/g, '').slice(-4)}`,
}))

/** Adds the digit that makes a number of a card valid. */
function withCheckDigit(number: string): string {
  for (const check of numerals) {
    const sum = [...number, check].toReversed().reduce((total, digit, place) => {
      const value = Number(digit) * (1 + (place % 2))
      return total + (value > 9 ? value - 9 : value)
    }, 0)
    if (sum % 10 === 0) return number + check
  }
  return number
}

function grouped(number: string, gap: string): string {
  const form =
    number.length === 15
      ? /^(.{4})(.{6})(.{5})$/
      : number.length === 14
        ? /^(.{4})(.{6})(.{4})$/
        : /^(.{4})(.{4})(.{4})(.{4})$/
  return number.replace(form, (_, ...groups) =>
    groups.slice(0, form.source.split('(').length - 1).join(gap),
  )
}

const issuers: readonly (readonly [string, number])[] = [
  ['4', 16],
  ['4', 13],
  ['51', 16],
  ['55', 16],
  ['2221', 16],
  ['2720', 16],
  ['34', 15],
  ['37', 15],
  ['6011', 16],
  ['65', 16],
  ['644', 16],
  ['300', 14],
  ['305', 14],
  ['36', 14],
  ['38', 14],
  ['3528', 16],
  ['3589', 16],
  ['62', 16],
  ['62', 19],
  ['2200', 16],
  ['5018', 16],
]
const cardNumber = fc
  .tuple(fc.constantFrom(...issuers), fc.infiniteStream(fc.nat(9)))
  .map(([[prefix, length], stream]) =>
    withCheckDigit(prefix + [...stream.take(length - prefix.length - 1)].join('')),
  )
const anyCard = fc.oneof(
  fc.tuple(cardNumber, fc.constantFrom('', '-', ' ')).map(([number, gap]) => grouped(number, gap)),
  // Grouped, the check digit needn't be right.
  fc
    .tuple(joined('4', digits(15)), fc.constantFrom('-', ' '))
    .map(([number, gap]) => grouped(number, gap)),
)
const card = anyCard.map((input) => ({
  input,
  expected: `****-****-****-${input.replace(/\D/g, '').slice(-4)}`,
}))

const ssnParts = fc.tuple(
  digits(3).filter((area) => !/^(?:000|666|9)/.test(area)),
  digits(2).filter((group) => group !== '00'),
  digits(4).filter((serial) => serial !== '0000'),
)
const ssn = fc.oneof(
  ssnParts.map((parts) => ({ input: parts.join('-'), expected: '***-**-****' })),
  fc
    .tuple(
      fc.constantFrom('SSN ', 'ssn: ', 'SSN#', 'social security number '),
      ssnParts,
      fc.constantFrom('-', ' ', ''),
    )
    .map(([name, parts, gap]) => ({
      input: name + parts.join(gap),
      expected: `${name}***-**-****`,
    })),
)

const key = hidden(
  fc.oneof(
    joined(fc.constantFrom('AKIA', 'ASIA'), stringOf(capitals + numerals, 16)),
    joined(fc.constantFrom('ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'), stringOf(base62, 36)),
    joined('github_pat_', stringOf(base62, 22), '_', stringOf(base62, 59)),
    joined('glpat-', stringOf(base62, 20)),
    joined(
      fc.constantFrom('xoxb-', 'xoxp-', 'xoxa-'),
      digits(12),
      '-',
      digits(12),
      '-',
      stringOf(base62, 24),
    ),
    joined(fc.constantFrom('sk_live_', 'sk_test_', 'rk_live_', 'whsec_'), stringOf(base62, 24, 32)),
    joined('SG.1', stringOf(base62, 22), '.', stringOf(base62, 43)),
    joined(fc.constantFrom('sk-', 'sk-proj-', 'sk-ant-api03-'), stringOf(base62, 48)),
    joined('AIza', stringOf(base62, 35)),
    joined('npm_', stringOf(base62, 36)),
    joined('hf_', stringOf(letters + capitals, 34)),
    joined('SK', stringOf(hex, 32)),
    joined('dop_v1_', stringOf(hex, 64)),
    joined('shpat_', stringOf(hex, 32)),
    joined(
      'eyJhbGciOiJIUzI1NiJ9.eyJ',
      stringOf(base64url, 10, 60),
      '.',
      stringOf(base64url, 42),
      stringOf(base62, 1),
    ),
    joined(
      '-----BEGIN PRIVATE KEY-----\n',
      stringOf(`${base62}+/`, 64),
      '\n',
      stringOf(`${base62}+/`, 20),
      '==\n-----END PRIVATE KEY-----',
    ),
    joined(
      '-----BEGIN RSA PRIVATE KEY-----\n',
      stringOf(`${base62}+/`, 64),
      '\n-----END RSA PRIVATE KEY-----',
    ),
  ),
)

const scheme = fc
  .tuple(fc.constantFrom('Bearer', 'bearer', 'Basic'), stringOf(`${base62}`, 24))
  .map(([name, text]) => {
    const value = name === 'Basic' ? Buffer.from(`user:${text}`).toString('base64') : `1a${text}`
    return { input: `${name} ${value}`, expected: `${name} ********` }
  })

const urlPassword = fc
  .tuple(
    fc.constantFrom(
      'postgres',
      'postgresql',
      'mysql',
      'redis',
      'rediss',
      'mongodb+srv',
      'amqp',
      'https',
    ),
    fc.oneof(fc.constant(''), stringOf(letters, 1, 10)),
    joined(stringOf(letters, 1), stringOf(`${base62}!$*,;:@^~.-_`, 1, 20), stringOf(letters, 1)),
    fc.constantFrom(
      'db.example.com:5432/app',
      'localhost/app?sslmode=require',
      '10.0.0.5:6379/0',
      '[::1]:5432/app',
      'cache',
    ),
  )
  .map(([name, user, password, rest]) => ({
    input: `${name}://${user}:${password}@${rest}`,
    expected: `${name}://${user}:********@${rest}`,
  }))

const ibanOf = (country: string, account: string) => {
  const text = `${account}${country}00`.replace(
    /[A-Z]/g,
    (letter) => `${Number.parseInt(letter, 36)}`,
  )
  return `${country}${String(98n - (BigInt(text) % 97n)).padStart(2, '0')}${account}`
}
const iban = hidden(
  fc
    .tuple(
      fc.oneof(
        digits(18).map((account) => ibanOf('DE', account)),
        joined('WEST', digits(14)).map((account) => ibanOf('GB', account)),
        joined('ABNA', digits(10)).map((account) => ibanOf('NL', account)),
        digits(12).map((account) => ibanOf('BE', account)),
      ),
      fc.boolean(),
    )
    .map(([text, spaced]) => (spaced ? text.replace(/(.{4})(?=.)/g, '$1 ') : text)),
)

/** Arbitrary texts of which a part must be masked, by type. */
export const positives: Readonly<Record<string, fc.Arbitrary<Specimen>>> = {
  email,
  phone,
  card,
  ssn,
  key,
  scheme,
  urlPassword,
  iban,
}
