import { randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** What an API key consists of. */
export interface ApiKeyText {
  /** Id of its row. */
  id: string
  /** 192 random bits; only its fingerprint is kept. */
  secret: string
}

const form = /^ak_([\da-f]{32})_([\da-f]{48})([\da-f]{8})$/

/**
 * The text of a new key for the row `id`: `ak_<id>_<secret><checksum>`, all in hexadecimal digits.
 * The prefix lets scanners find a leaked key, the checksum tells it from what only looks like one.
 */
export function newApiKey(id: string): ApiKeyText & { text: string } {
  const secret = randomBytes(24).toString('hex')
  const body = `ak_${id.replaceAll('-', '')}_${secret}`
  return { id, secret, text: `${body}${checksum(body)}` }
}

/** Reads a key; nothing if it is none, or was not copied well. */
export function parseApiKey(text: string): ApiKeyText | undefined {
  const [, digits = '', secret = '', sum] = form.exec(text) ?? []
  if (sum === undefined || checksum(text.slice(0, -8)) !== sum) return undefined
  const id = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { id, secret }
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}
