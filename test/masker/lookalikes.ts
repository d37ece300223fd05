import fc from 'fast-check'
import { base62, base64url, digits, hex, joined, letters, numerals, stringOf } from './texts.ts'

const uuid = fc.uuid()
const semver = joined(digits(1), '.', digits(2), '.', digits(1))
const byte = fc.nat(255).map(String)
const at = fc.date({
  min: new Date('1990-01-01'),
  max: new Date('2040-01-01'),
  noInvalidDate: true,
})
const plainNumber = (text: string) => String(BigInt(text))

/** Arbitrary texts that look like personal data or secrets, and aren't. */
export const negatives: Readonly<Record<string, fc.Arbitrary<string>>> = {
  uuid,
  ulid: joined('01', stringOf('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 24)),
  objectId: stringOf(hex, 24),
  cuid: joined('c', stringOf(letters + numerals, 24)),
  nanoid: stringOf(base64url, 21).filter((text) => !/^[-_]|[-_]$/.test(text)),
  digest: fc.constantFrom(32, 40, 64, 96, 128).chain((length) => stringOf(hex, length)),
  base64Digest: joined(fc.constantFrom('sha256-', 'sha384-', ''), stringOf(`${base62}+/`, 43), '='),
  digestWithName: joined(
    fc.constantFrom('sha256-', ''),
    stringOf(`${base62}+/`, 37),
    fc.constantFrom('q7R'),
    fc.constantFrom('CSc', 'Key', 'Pin', 'SSN'),
    '=',
  ),
  etag: joined('W/"', stringOf(hex, 40), '"'),
  traceparent: joined('00-', stringOf(hex, 32), '-', stringOf(hex, 16), '-01'),
  iso: at.map((date) => date.toISOString()),
  isoOffset: at.map((date) => date.toISOString().replace(/\.\d+Z/, '+02:00')),
  compactTime: at.map((date) => date.toISOString().replace(/\D/g, '').slice(0, 14)),
  seconds: at
    .map((date) => String(Math.floor(date.getTime() / 1000)))
    .filter((text) => !text.startsWith('-')),
  milliseconds: joined('1', digits(12)),
  microseconds: joined('1', digits(15)),
  nanoseconds: joined('1', digits(18)),
  fraction: joined('1735689600.', digits(6)),
  date: at.map((date) => date.toISOString().slice(0, 10)),
  germanDate: at.map((date) => date.toISOString().slice(0, 10).split('-').toReversed().join('.')),
  americanDate: at.map((date) =>
    date
      .toISOString()
      .slice(0, 10)
      .replace(/(\d+)-(\d+)-(\d+)/, '$2/$3/$1'),
  ),
  bareTen: joined(stringOf('23456789', 1), digits(9)),
  bareNine: digits(9).map(plainNumber),
  order: joined(fc.constantFrom('ORD-', 'INV-', 'PO-', 'SO'), digits(4), '-', digits(6)),
  orderLikeSsn: joined('INV-', digits(3), '-', digits(2), '-', digits(4)),
  version: semver,
  prefixedVersion: joined('v', semver),
  prerelease: joined(semver, '-rc.', digits(1), '+build.', digits(8)),
  package: joined(fc.constantFrom('fastify@', 'lodash@^', '@types/node@~', 'react@>='), semver),
  prereleasePackage: joined('react@', semver, '-canary.abc'),
  address: fc.tuple(byte, byte, byte, byte).map((parts) => parts.join('.')),
  socket: fc
    .tuple(byte, byte, byte, byte, fc.integer({ min: 1024, max: 65535 }))
    .map(([a, b, c, d, port]) => `${a}.${b}.${c}.${d}:${port}`),
  ipV6: fc.ipV6(),
  mac: fc
    .array(stringOf('0123456789ABCDEF', 2), { minLength: 6, maxLength: 6 })
    .map((it) => it.join(':')),
  price: fc.tuple(fc.nat(999), digits(3), digits(2)).map(([a, b, c]) => `$${a},${b}.${c}`),
  germanPrice: fc
    .tuple(fc.integer({ min: 1, max: 999 }), digits(3), digits(3), digits(2))
    .map(([a, b, c, d]) => `${a}.${b}.${c},${d} EUR`),
  decimal: joined('3.', digits(14)),
  signed: joined('+', digits(5), '.', digits(2)),
  percent: joined(digits(2), '.', digits(2), '%'),
  area: joined(
    fc.constantFrom('000', '666', '900', '987'),
    '-',
    stringOf('123456789', 2),
    '-',
    stringOf('123456789', 4),
  ),
  port: joined('https://example.com:', digits(4), '/v1/users/', digits(5)),
  scope: joined(
    'https://registry.example.com:8443/@',
    stringOf(letters, 5),
    '/',
    stringOf(letters, 5),
  ),
  file: joined('/app/src/', stringOf(letters, 8), '.ts:', digits(3), ':', digits(2)),
  retina: joined(stringOf(letters, 6), '@2x.png'),
  image: joined('docker.io/library/node:20@sha256:', stringOf(hex, 64)),
  duration: joined(digits(2), ':', digits(2), ':', digits(2), '.', digits(3)),
  bytes: joined('rss=', digits(9), ' heap=', digits(8)),
  remote: joined('git@github.com:', stringOf(letters, 5), '/', stringOf(letters, 5), '.git'),
  count: joined('tokens=', digits(3), ' maxTokens=4096'),
  words: fc.constantFrom(
    'password reset requested',
    'token bucket refilled',
    'Bearer token missing',
    'Basic authentication failed',
    'basic understanding of tokens',
    'the secretary answered',
    'author=alice',
    'keyboard: us',
    'keyId=k-12',
    'passenger: bob',
    'session expired',
    'cookie banner shown',
  ),
  identifier: fc.constantFrom(
    'AbstractSingletonProxyFactoryBeanImplementation',
    'convertUtf8ToUtf16AndBackAgain',
    'MAX_SAFE_INTEGER_VALUE_FOR_64_BIT',
    'getUserByIdOrThrowNotFoundException',
  ),
}
