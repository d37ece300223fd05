type Headers = Readonly<Record<string, unknown>>
type Rule = readonly [fits: RegExp, modifier: number]

const nothing = /^$/
const anything = /^/
const sixMonths = 15_768_000

/**
 * What the HTTP Observatory adds for the headers of a response that is neither a page nor sets a
 * cookie: the first rule that fits decides. That a host is in the preload list shows in no header.
 *
 * @see https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring
 */
const rules: Readonly<Record<string, readonly Rule[]>> = {
  'content-security-policy': [
    [nothing, -25],
    [/(script-src|default-src)[^;]*('unsafe-inline'|data:|\*|https?:(?!\/\/))/, -20],
    [/'unsafe-eval'/, -10],
    [/style-src[^;]*'unsafe-inline'/, 0],
    [/^(?=.*default-src 'none')(?=.*form-action '(none|self)')/, 10],
    [/(default|script)-src/, 5],
    [anything, -20],
  ],
  'x-content-type-options': [
    [/^nosniff$/, 0],
    [anything, -5],
  ],
  'referrer-policy': [
    [/^(no-referrer|same-origin|strict-origin|strict-origin-when-cross-origin)$/, 5],
    [nothing, 0],
    [anything, -5],
  ],
  'cross-origin-resource-policy': [
    [/^same-(origin|site)$/, 10],
    [/^(cross-origin)?$/, 0],
    [anything, -5],
  ],
}

/** The points of a response that was asked for with the header `Origin: https://stranger.example`. */
export function observatoryScore(headers: Headers): number {
  const modifiers = Object.entries(rules).map(([name, list]) => {
    const value = String(headers[name] ?? '')
    return list.find(([fits]) => fits.test(value))?.[1] ?? 0
  })
  modifiers.push(transport(headers), framing(headers), sharing(headers))
  const sum = (list: number[]) => list.reduce((total, each) => total + each, 0)
  const score = 100 + sum(modifiers.filter((it) => it < 0))
  // Only a good response earns extra points.
  return score < 90 ? Math.max(0, score) : score + sum(modifiers.filter((it) => it > 0))
}

function transport(headers: Headers): number {
  const age = /^max-age=(\d+)(;|$)/.exec(String(headers['strict-transport-security']))?.[1]
  if (age === undefined) return -20
  return Number(age) < sixMonths ? -10 : 0
}

function framing(headers: Headers): number {
  if (/frame-ancestors '(none|self)'/.test(String(headers['content-security-policy']))) return 5
  return /^(DENY|SAMEORIGIN)$/i.test(String(headers['x-frame-options'])) ? 0 : -20
}

function sharing(headers: Headers): number {
  const stranger = headers['access-control-allow-origin'] === 'https://stranger.example'
  return stranger && headers['access-control-allow-credentials'] === 'true' ? -50 : 0
}
