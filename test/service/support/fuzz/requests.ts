import { METHODS } from 'node:http'
import { marker } from '../../../support/problem.ts'
import type { Dice } from './dice.ts'
import type { Target } from './targets.ts'
import { bodyText, oddity, sample } from './values.ts'

/** What random requests are made of. */
export interface World {
  targets: readonly Target[]
  /** Paths of resources that exist. */
  paths: readonly string[]
  /** Cursors of lists that have another page. */
  cursors: readonly string[]
  /** Headers of a caller who may do everything. */
  credentials: Readonly<Record<string, string>>
}

const inPaths = [
  ...['%', '%zz', '%00', '%2e%2e/', '../', '..\\', '//', ';', 'ÿ', '%c0%ae', '%E0%A4', '%ud800'],
  ...['x'.repeat(200), 'x'.repeat(9_000), '?', '#x', ' ', '\t', '*', '%2F', '{}', ':id', '|"<>^`'],
]
const wholePaths = ['', '*', '//', '/.', 'a:443', '//evil.example/x', '/?', '/#']

const headers = [
  ...['content-length: 5', 'content-length: -1', 'content-length: 1, 2', 'content-length: 1e1'],
  ...['content-length: 99999999999999999999', 'transfer-encoding: chunked'],
  ...['transfer-encoding: gzip, chunked', 'transfer-encoding: xchunked', 'expect: 100-continue'],
  ...['expect: tea', 'upgrade: websocket\r\nconnection: upgrade', 'upgrade: h2c', 'te: trailers'],
  ...['range: bytes=0-0', 'range: bytes=99999999-', 'range: bytes=5-1,,', 'range: lines=1'],
  ...['accept: text/html', 'accept: ;;;', 'accept: */*;q=0', 'accept-encoding: gzip, br;q=0'],
  ...['content-encoding: gzip', 'content-type: application/xml', 'content-type: text/plain'],
  ...['content-type: application/json; charset=utf-16', 'content-type: ;', 'content-type: a/b/c'],
  ...['content-type: multipart/form-data', 'content-type: application/json\r\ncontent-type: a/b'],
  ...['host: evil.example', 'host:', 'host: a\r\nhost: b', 'accept-version: 9', 'connection: x'],
  ...['x-forwarded-for: 1.2.3.4, unknown', 'x-forwarded-proto: x', 'x-forwarded-host: ,'],
  ...['x-http-method-override: DELETE', 'if-none-match: *', 'if-modified-since: x', 'if-match: "'],
  ...['traceparent: 00-zz', 'x: \u0000', 'x y: 1', ': no name', 'no colon', 'x\r: y', ' folded: 1'],
  ...[
    '__proto__: 1',
    'constructor: 1',
    `x: ${'y'.repeat(17_000)}`,
    'x: \u00ff\u0080',
    'x: a\nb: c',
  ],
  `x-request-id: ${marker} 1`,
  `cookie: a=${marker}`,
  `authorization: Bearer ${marker}`,
  `origin: https://${marker}.example\r\naccess-control-request-method: PUT`,
  `x-api-key: ${marker}`,
]

const versions = ['HTTP/1.0', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/0.9', 'http/1.1', '', 'HTTP/1.1 x']
const garbage = [
  '\r\n',
  'hello\r\n\r\n',
  '\u0000\u0001\u0002',
  '\u0016\u0003\u0001',
  'GET',
  'G\r\n\r\n',
]

/** The bytes of one request, any part of which may be wrong. */
export function requestBytes(world: World, dice: Dice, last: boolean): Buffer {
  const target = dice.pick(world.targets)
  const method = dice.percent(90) ? target.method : dice.pick([...METHODS, 'get', 'BREW', ''])
  const version = dice.percent(97) ? 'HTTP/1.1' : dice.pick(versions)
  const lines = [`${method} ${pathOf(target, world, dice)} ${version}`]
  if (dice.percent(98)) lines.push('host: localhost')
  if (dice.percent(80)) {
    for (const [name, value] of Object.entries(world.credentials)) lines.push(`${name}: ${value}`)
  }
  while (dice.percent(25)) lines.push(dice.pick(headers))
  let body = Buffer.alloc(0)
  if (target.body ? dice.percent(95) : dice.percent(10)) {
    const text = bodyText(target.body ?? { type: 'object' }, dice)
    if (dice.percent(95)) lines.push('content-type: application/json')
    body = framed(Buffer.from(text, dice.percent(95) ? 'utf8' : 'latin1'), lines, dice)
  }
  if (last ? dice.percent(90) : dice.percent(3)) lines.push('connection: close')
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body])
}

/** Bytes that are not an HTTP request. */
export function garbageBytes(dice: Dice): Buffer {
  return Buffer.from(dice.pick(garbage), 'latin1')
}

function pathOf(target: Target, { paths, cursors }: World, dice: Dice): string {
  if (dice.percent(3)) return dice.pick(wholePaths)
  const known = paths.filter((path) => target.path.startsWith(path.slice(0, -36)))
  const found = known.length > 0 && dice.percent(80) ? dice.pick(known) : undefined
  let path = target.path.includes('{') && found ? found : target.path.replaceAll(/\{.*?\}/g, 'x')
  if (dice.percent(12)) path = dice.insertInto(path, dice.pick(inPaths))
  if (dice.percent(2)) path = `http://evil.example${path}`
  const pairs = target.query
    .filter(() => dice.percent(30))
    .map(({ name, schema }) => {
      const cursor = name === 'cursor' && cursors.length > 0 ? dice.pick(cursors) : undefined
      const right = cursor ?? String(sample(schema, dice))
      const value = dice.percent(75)
        ? right
        : dice.pick([oddity(dice), right.slice(1), `${right}x`])
      return `${name}=${dice.percent(97) ? encodeURIComponent(value.slice(0, 2_000)) : '%zz'}`
    })
  if (dice.percent(5)) pairs.push(dice.pick(['__proto__=1', 'a[b]=1', '&&=', 'limit=1', '%00=1']))
  return pairs.length > 0 ? `${path}?${pairs.join('&')}` : path
}

/** Adds the header with the length of `body`, right or wrong, and encodes the body to match. */
function framed(body: Buffer, lines: string[], dice: Dice): Buffer<ArrayBuffer> {
  const size = body.length.toString(16)
  const chunked = (text: string) => {
    lines.push('transfer-encoding: chunked')
    const [head = '', tail = ''] = text.split('|')
    return Buffer.concat([Buffer.from(head), body, Buffer.from(tail)])
  }
  const length = (count: number) => {
    lines.push(`content-length: ${count}`)
    return Buffer.concat([body])
  }
  if (dice.percent(75)) return length(body.length)
  return dice.pick([
    () => chunked(`${size}\r\n|\r\n0\r\n\r\n`),
    () => chunked(`${size};ext="${marker}"\r\n|\r\n0\r\ntrailer: ${marker}\r\n\r\n`),
    () => chunked(`zz\r\n|\r\n0\r\n\r\n`),
    () => chunked(`${size}\r\n|0\r\n\r\n`),
    () => chunked(`fffffffffffffffff\r\n|`),
    () => chunked(`${size}\r\n|`),
    () => length(body.length + 3),
    () => length(Math.max(0, body.length - 3)),
    () => Buffer.concat([body]),
  ])()
}
