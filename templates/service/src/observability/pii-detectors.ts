/** What a mask hides; `field` is a value whose name says that it is secret. */
export type MaskedType = 'email' | 'phone' | 'card' | 'ssn' | 'key' | 'field' | 'custom'

/** Replaces what nobody may read. Its length tells nothing. */
export const hidden = '********'

/**
 * Finds one kind of value in a text. A pattern starts only where nothing before it could belong to
 * the same value, so a text of any shape is searched in linear time.
 */
export interface Detector {
  readonly type: MaskedType
  /** Texts without it are skipped. */
  readonly hint: RegExp
  readonly pattern: RegExp
  /** The mask of a match, or `undefined` if it only looks like a value. */
  mask(match: RegExpMatchArray): string | undefined
}

/** Nothing that belongs to a word or number comes before; in JSON, `\n` is no part of a word. */
const start = '(?:(?<![\\p{L}\\p{N}_-])|(?<=\\\\[nrt]))'

/** The separators of digits in cards, phone and social security numbers: `+` is a space in forms. */
const gap = '[-. +\\u2010-\\u2015]'

/** Tokens whose first characters name their issuer. */
const issued = [
  '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}', // AWS
  'AIza[\\w-]{30,}|ya29\\.[\\w-]{20,}|GOCSPX-[\\w-]{20,}', // Google
  'gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\\w{20,}', // GitHub
  'gl[a-z]{2,6}-[\\w-]{20,}', // GitLab
  'xox[a-z](?:\\.xox[a-z])?-[\\w-]{10,}|xapp-[\\w-]{10,}', // Slack
  '(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[\\w+/=-]{16,}', // Stripe
  'sk-[\\w-]{20,}', // OpenAI, Anthropic
  'SG\\.[\\w-]{10,}\\.[\\w-]{10,}', // SendGrid
  'SK[0-9a-f]{32}|key-[0-9a-f]{32}|[0-9a-f]{32}-us\\d{1,2}', // Twilio, Mailgun, Mailchimp
  '(?:npm|hf|dckr_pat|rubygems|sbp|lin_api|ntn|glsa|glc)_[\\w=-]{20,}',
  '(?:pypi|hvs\\.|NRAK-|PMAK-|dapi|ATATT3x|sntrys_|tskey-)[\\w=-]{20,}',
  '(?:shp(?:at|ca|pa|ss)|do[opr]_v1|pscale_\\w{2,8}|sq0[a-z]{3})[_-][\\w-]{20,}',
  '\\d{8,10}:AA[\\w-]{30,}', // Telegram
  'ak_[0-9a-f]{32}_[0-9a-f]{48}|rt_[\\w-]{43}', // this service
  'eyJ[\\w-]{5,}(?:\\.[\\w-]*){2,4}', // JWT
]

const ibanLengths =
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ' +
  'ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 ' +
  'LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 ' +
  'QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TN24 TR26 UA29 VA22 VG24 XK20'

/** Their order matters: what an earlier one masked, a later one doesn't see. */
export const detectors: readonly Detector[] = [
  {
    type: 'key',
    hint: /-BEGIN/,
    // A key that was cut off ends where its text does.
    pattern:
      /-----BEGIN[A-Z +%0-9]*PRIVATE[ +%0-9]+KEY[A-Z +%0-9]*-----[\w+/=\s\\:,.%-]*?(?:-----END[A-Z +%0-9]+-----|$|(?=[^\w+/=\s\\:,.%-]))/g,
    mask: () => hidden,
  },
  {
    type: 'key',
    hint: /:\/\//,
    pattern:
      /(:\/\/[^\s:/?#@"'<>]*:)((?!\d{1,5}(?:[/?#]|$))(?:[^\s@/?#"'<>]*@(?![^\s@/?#"'<>]*@)|[^\s@"'<>]*@))(?=[\w[])/g,
    mask: ([, before]) => `${before}${hidden}@`,
  },
  {
    type: 'key',
    hint: /eyJ|[_.:-]|A[KS]IA|SK/,
    pattern: new RegExp(`${start}(?:${issued.join('|')})`, 'gu'),
    mask: () => hidden,
  },
  {
    type: 'key',
    hint: /\b(?:bearer|basic)\b/i,
    pattern: /\b(bearer|basic)((?:\s|%20|\+)+)([\w.~+/-]{6,}=*)/gi,
    mask: ([, scheme, space, value]) =>
      isCredential(scheme, value) ? `${scheme}${space}${hidden}` : undefined,
  },
  {
    type: 'email',
    hint: /@/,
    pattern:
      /(?<![\p{L}\p{M}\p{N}._%+'~!$-])([\p{L}\p{M}\p{N}._%+'~!$-]+)@((?:[\p{L}\p{M}\p{N}_-]+\.)+(?:xn--[a-z0-9-]+|\p{L}{2,}))(?![\p{L}\p{N}])/giu,
    mask: ([, local = '', domain = '']) => maskEmail(local, domain),
  },
  {
    type: 'key',
    hint: /[A-Z]{2}\d{2}[ A-Z0-9]/,
    pattern: /(?<![A-Za-z0-9_-])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![A-Za-z0-9_-])/g,
    mask: ([match]) => maskIban(match),
  },
  {
    type: 'card',
    hint: /\d{4}/,
    pattern: new RegExp(
      `${start}(?<!\\d[.,])(?:\\d{13,19}|\\d{4}(${gap})(?:\\d{4}\\1\\d{4}\\1\\d{4}|\\d{6}\\1\\d{4,5}))(?![\\p{L}\\p{N}_]|[.,-]\\d)`,
      'gu',
    ),
    mask: ([match]) => maskCard(match),
  },
  {
    type: 'ssn',
    hint: /\d{3}[-\u2010-\u2015]\d{2}|ssn|social/i,
    pattern: new RegExp(
      `((?:ssn|social security(?: (?:number|no|num)\\.?)?)[^\\p{L}\\p{N}\\n]{1,12}(?:is\\s+)?\\d{3}[- .]?\\d{2}[- .]?\\d{4}|${start}(?!000|666|9)\\d{3}([-\\u2010-\\u2015])(?!00)\\d{2}\\2(?!0000)\\d{4})(?![\\p{L}\\p{N}_]|-\\d)`,
      'giu',
    ),
    mask: ([match]) => match.replace(/\d{3}\D?\d{2}\D?\d{4}$/, '***-**-****'),
  },
  {
    type: 'phone',
    hint: /\d{2}\D?\d{2}/,
    pattern: new RegExp(
      `(?:${start}(?<!\\d[.,:/])|(?<=^|[^\\p{L}\\p{N}_]))(?:${[
        '\\+[1-9](?:[-. ()/\\u2010-\\u2015]{0,3}\\d){7,14}',
        `(?<![-+])(?:1${gap})?(?:\\(\\d{3}\\) ?${gap}?|\\d{3}${gap})\\d{3}${gap}\\d{4}`,
        '(?<![-+])\\(0?\\d{1,4}\\)[-. ]?\\d{3,5}[-. ]\\d{3,4}',
        '(?<![-+])0\\d{2,4} \\d{3,4} \\d{3,4}|(?<![-+])0\\d{4} \\d{6}|(?<![-+])0\\d{1,3}-\\d{3,4}-\\d{4}',
        '(?<![-+])0[1-9]([-. ])\\d{2}(?:\\1\\d{2}){3}',
      ].join('|')})(?![\\p{L}\\p{N}_]|[-.:]\\d)`,
      'gu',
    ),
    mask: ([match]) => maskPhone(match),
  },
]

function isCredential(scheme = '', value = ''): boolean {
  if (scheme.toLowerCase() === 'bearer') return /\d|[a-z][A-Z]/.test(value) && value.length >= 8
  return Buffer.from(value, 'base64').includes(':')
}

/** `user@example.com` as `u***@example.com`; not versions, files, nor the account of git servers. */
function maskEmail(local: string, domain: string): string | undefined {
  const first = /[\p{L}\p{N}_]/u.exec(local)
  if (!first || local === 'git') return undefined
  if (/^(?:v?\d+\.\d|\dx\.)/.test(domain)) return undefined
  if (/\.(?:png|jpe?g|gif|svg|webp|ico|css|m?jsx?|cjs|tsx?|json|map|html?|service)$/.test(domain))
    return undefined
  return `${local.slice(0, first.index)}${first[0]}***@${domain}`
}

/** Digits with the last four visible, if they are the number of a card. */
export function maskCard(text: string): string | undefined {
  const digits = text.replace(/\D/g, '')
  const isGrouped = /^\d{4}\D/.test(text) && digits.length === 16
  const isIssued =
    /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7]|35|36|6\d|8[12]|9792|50)\d+|3[47]\d{13}|3(?:0[0-5]|[689])\d{11})$/.test(
      digits,
    )
  if (!isIssued || !(isGrouped || passesLuhn(digits))) return undefined
  return `****-****-****-${digits.slice(-4)}`
}

function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let place = 1; place <= digits.length; place += 1) {
    const digit = Number(digits.at(-place)) * (place % 2 === 0 ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
  }
  return sum % 10 === 0
}

/** ISO 13616: the length of the country, and 1 as the remainder by 97. */
function maskIban(text: string): string | undefined {
  const at = ibanLengths.indexOf(text.slice(0, 2))
  const length = at === -1 ? 0 : Number(ibanLengths.slice(at + 2, at + 4))
  let end = 0
  for (let count = 0; count < length && end < text.length; end += 1) {
    if (/\w/.test(text[end] as string)) count += 1
  }
  const iban = text.slice(0, end).replace(/\W/g, '')
  if (iban.length !== length || /^\w/.test(text.slice(end))) return undefined
  let remainder = 0
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36)
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
  }
  return remainder === 1 ? `${hidden}${text.slice(end)}` : undefined
}

/** The last four digits of a phone number. A `+` with a single point is a decimal number. */
export function maskPhone(text: string): string | undefined {
  if (/^\+\d+\.\d{1,8}$/.test(text)) return undefined
  return `***-***-${text.replace(/\D/g, '').slice(-4)}`
}
