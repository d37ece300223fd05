import type { Answer } from '../../../support/problem.ts'
import { parseHead } from '../../../support/raw-request.ts'

/**
 * Parses the complete responses at the start of `bytes`.
 *
 * @param bytes what the server sent, as latin1
 * @returns the final responses, without interim ones (1xx), and the bytes that follow them
 */
export function parseAnswers(bytes: string): { answers: Answer[]; rest: string } {
  const answers: Answer[] = []
  let rest = bytes
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return { answers, rest }
    const head = rest.slice(0, end)
    if (!/^HTTP\/1\.1 [1-5]\d\d [^\r\n]*(\r\n[\w-]+: [^\r\n]*)*$/.test(head)) {
      throw new Error(`Not an HTTP response: ${JSON.stringify(head)}`)
    }
    const { status, headers } = parseHead(head)
    const following = rest.slice(end + 4)
    const body = bodyOf(headers, following)
    if (body === undefined) return { answers, rest }
    rest = following.slice(body.size)
    const text = Buffer.from(body.text, 'latin1').toString()
    if (status >= 200) answers.push({ status, headers, body: text })
  }
}

/** The body at the start of `bytes`; undefined while it is incomplete. */
function bodyOf(headers: Record<string, string>, bytes: string) {
  // A response to HEAD announces a body, but sends none.
  if (bytes === '' || bytes.startsWith('HTTP/1.1 ')) return { text: '', size: 0 }
  if (headers['transfer-encoding'] === 'chunked') {
    const end = bytes.indexOf('0\r\n\r\n')
    return end < 0 ? undefined : { text: bytes.slice(0, end), size: end + 5 }
  }
  const length = Number(headers['content-length'] ?? 0)
  return bytes.length < length ? undefined : { text: bytes.slice(0, length), size: length }
}
