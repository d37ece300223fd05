import { createHmac } from 'node:crypto'

/** Signs the first two parts of a token. */
export type Sign = (input: string) => Buffer

export interface Changes {
  header?: Record<string, unknown>
  payload?: Record<string, unknown>
}

/** HMAC with SHA-256 and any bytes as its key, also bytes that no library would take for one. */
export function hs256(key: string | Buffer): Sign {
  return (input) => createHmac('sha256', key).update(input).digest()
}

/** No signature at all. */
export const unsigned: Sign = () => Buffer.alloc(0)

/** A token like `token` but for the changes, as an attacker would write it. */
export function forge(token: string, { header, payload }: Changes, sign: Sign): string {
  const [head = '', body = ''] = token.split('.')
  const input = `${encode({ ...decode(head), ...header })}.${encode({ ...decode(body), ...payload })}`
  return `${input}.${sign(input).toString('base64url')}`
}

/** What the token says about itself, and about its user. */
export function partsOf(token: string): Required<Changes> {
  const [head = '', body = ''] = token.split('.')
  return { header: decode(head), payload: decode(body) }
}

function decode(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString())
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
