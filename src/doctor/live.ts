import type { Finding } from './finding.ts'

/** Milliseconds to wait for an answer. */
const patience = 5_000

/** Headers that every answer has, with what is right in them. */
const required: readonly (readonly [name: string, value: RegExp])[] = [
  ['content-security-policy', /default-src 'none'/],
  ['x-content-type-options', /^nosniff$/i],
  ['x-frame-options', /^(?:DENY|SAMEORIGIN)$/i],
  ['referrer-policy', /^(?:no-referrer|same-origin|strict-origin)/],
  ['permissions-policy', /=\(\)/],
  ['cross-origin-opener-policy', /^same-origin$/],
  ['cross-origin-resource-policy', /^same-(?:origin|site)$/],
  ['x-request-id', /./],
]

const absent = ['server', 'x-powered-by'] as const

/**
 * Asks a running service as somebody from outside would: a handful of requests that change nothing.
 * @param origin such as `https://api.example.com`
 */
export async function checkLive(origin: string): Promise<readonly Finding[]> {
  const finding = (
    level: Finding['level'],
    path: string,
    message: string,
    hint: string,
  ): Finding => {
    return { check: 'live', level, where: origin + path, message, hint }
  }
  const ask = (path: string) =>
    fetch(origin + path, { redirect: 'manual', signal: AbortSignal.timeout(patience) })
  const paths = ['/health/live', '/health/ready', '/no-such-page', '/metrics', '/docs'] as const
  const answers = await Promise.allSettled(paths.map(ask))
  const [live, ready, missing, metrics, docs] = answers.map((answer) =>
    answer.status === 'fulfilled' ? answer.value : undefined,
  )
  if (live === undefined && missing === undefined) {
    const [failed] = answers.flatMap((answer) =>
      answer.status === 'rejected' ? answer.reason : [],
    )
    const message = `it doesn't answer: ${reasonOf(failed)}`
    return [finding('fault', '', message, 'Check the address, and whether the service runs.')]
  }
  const found: Finding[] = []
  for (const [path, answer] of [
    ['/health/live', live],
    ['/health/ready', ready],
  ] as const) {
    if (answer?.status === 200) continue
    const message = answer === undefined ? "it doesn't answer" : `it answers ${answer.status}`
    found.push(finding('fault', path, message, 'See docs/runbooks/application-health.md.'))
  }
  if (missing !== undefined) {
    found.push(...headerFaults(missing.headers, origin, finding))
    const type = missing.headers.get('content-type') ?? 'nothing'
    if (!type.includes('application/problem+json')) {
      const message = `an error is ${type}, not application/problem+json`
      found.push(finding('fault', '/no-such-page', message, 'Is another program in front of it?'))
    }
  }
  if (metrics?.status === 200) {
    const hint = 'Serve them on METRICS_PORT, which only Prometheus can reach.'
    found.push(finding('warning', '/metrics', 'the metrics are public', hint))
    if (!(await metrics.text()).includes('application_info{')) {
      const message = 'the page has no application_info'
      found.push(finding('fault', '/metrics', message, 'Is it the page of this service?'))
    }
  }
  if (docs !== undefined && docs.status < 400) {
    const hint = 'Set DOCS_ENABLED=false unless the API is public.'
    found.push(finding('warning', '/docs', 'the documentation is public', hint))
  }
  return found
}

function headerFaults(
  headers: Headers,
  origin: string,
  finding: (level: Finding['level'], path: string, message: string, hint: string) => Finding,
): readonly Finding[] {
  const fault = (message: string, hint: string) => finding('fault', '', message, hint)
  const restore = 'See src/http/security-headers.ts, and what the proxy in front changes.'
  const wrong = required.flatMap(([name, value]) => {
    const sent = headers.get(name)
    if (sent === null) return [fault(`the header ${name} is missing`, restore)]
    return value.test(sent) ? [] : [fault(`the header ${name} is "${sent}"`, restore)]
  })
  const telling = absent.flatMap((name) => {
    const sent = headers.get(name)
    return sent === null ? [] : [fault(`the header ${name} reveals "${sent}"`, restore)]
  })
  if (!origin.startsWith('https:')) {
    const hint = 'Check the address that clients use.'
    return [...wrong, ...telling, finding('warning', '', "the connection isn't encrypted", hint)]
  }
  const hsts = /max-age=(\d+)/.exec(headers.get('strict-transport-security') ?? '')?.[1]
  const isShort = Number(hsts ?? 0) < 15_768_000
  const message = 'strict-transport-security is missing or shorter than half a year'
  return [...wrong, ...telling, ...(isShort ? [fault(message, 'Set HSTS_MAX_AGE.')] : [])]
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } }
  if (name === 'TimeoutError') return `no answer within ${patience / 1_000} s`
  return cause?.code ?? cause?.message ?? message
}
