import type { Answer } from '../problem.ts'
import { parseHead } from '../raw-request.ts'

/**
 * The complete responses at the start of `bytes`, and what is left behind them. Interim ones are
 * left out.
 *
 * @param bytes as latin1
 */
export function parseAnswers(bytes: string): { answers: Answer[]; rest: string } {
  const answers: Answer[] = []
  let rest = bytes
  for (;;) {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return { answers, rest }
    const head = rest.slice(0, end)
    if (!/^HTTP\/1\.1 [1-5]\d\d [^\r\n]*(\r\n[\w-]+: [^\r\n]*)*$/.test(head)) {
      throw new Error(`This is no response: ${JSON.stringify(head)}`)
    }
    const { status, headers } = parseHead(head)
    const behind = rest.slice(end + 4)
    const body = bodyOf(headers, behind)
    if (body === undefined) return { answers, rest }
    rest = behind.slice(body.taken)
    const text = Buffer.from(body.text, 'latin1').toString()
    if (status >= 200) answers.push({ status, headers, body: text })
  }
}

function bodyOf(headers: Record<string, string>, bytes: string) {
  // A response to HEAD announces a body that does not come.
  if (bytes === '' || bytes.startsWith('HTTP/1.1 ')) return { text: '', taken: 0 }
  if (headers['transfer-encoding'] === 'chunked') {
    const end = bytes.indexOf('0\r\n\r\n')
    return end < 0 ? undefined : { text: bytes.slice(0, end), taken: end + 5 }
  }
  const length = Number(headers['content-length'] ?? 0)
  return bytes.length < length ? undefined : { text: bytes.slice(0, length), taken: length }
}
