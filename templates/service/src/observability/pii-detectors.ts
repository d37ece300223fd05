/** What a mask hides; `field` is a value whose name says that it is secret. */
export type MaskedType = 'email' | 'phone' | 'card' | 'ssn' | 'key' | 'field' | 'custom'

/** Stands for a value of which nothing may be read, not even its length. */
export const hidden = '********'

/**
 * Finds one kind of value in a text. A pattern starts only where nothing before it could belong to
 * the same value: that keeps the search linear in texts of any shape.
 */
export interface Detector {
  readonly type: MaskedType
  /** A part that every such value has, and that is found faster than the pattern. */
  readonly hint: RegExp
  readonly pattern: RegExp
  /** The mask of a match with its groups, or `undefined` if it only looks like a value. */
  mask(match: RegExpExecArray): string | undefined
}

/** Neither a word nor a number nor `%20` is cut in two; the `n` of `\n` in JSON is no word. */
const start = String.raw`(?:(?<![\p{L}\p{N}_%-])|(?<=\\[nrt]))`
const end = String.raw`(?![\p{L}\p{N}_]|[-.]\d)`

/** Between groups of digits. In forms, `+` is a space. */
const gap = String.raw`[-. +\u00a0\u2010-\u2015\u202f]`

/** Keys and tokens that begin with the mark of their issuer. */
const issuedKeys = [
  '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])', // AWS
  String.raw`AIza[\w-]{30,}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,}`, // Google
  String.raw`gh[opsur]_[A-Za-z0-9]{20,}|github_pat_\w{20,}`,
  String.raw`gl[a-z]{2,6}-[\w-]{20,}`, // GitLab
  String.raw`xox[a-z](?:\.xox[a-z])?-[\w-]{11,}|xapp-[\w-]{11,}`, // Slack
  String.raw`(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_(?:[\w+=-]|\/(?=[a-z]*[A-Z\d+=])){16,}`, // Stripe
  String.raw`sk-[\w-]{20,}`, // OpenAI, Anthropic
  String.raw`SG\.[\w-]{16,}\.[\w-]{16,}`, // SendGrid
  String.raw`SK[0-9a-f]{32}|key-[0-9a-f]{32}|[0-9a-f]{32}-us\d{1,2}`, // Twilio, Mailgun, Mailchimp
  String.raw`\d{8,10}:AA[\w-]{30,}`, // Telegram
  String.raw`(?:npm|hf|dckr_pat|rubygems|sbp|lin_api|ntn|gls?[ac]|shp[a-z]{2}|do[opr]_v1|pscale_\w{2,8}|sq0[a-z]{3})[_-][\w=-]{20,}`,
  String.raw`(?:pypi-|hvs\.|NRAK-|PMAK-|dapi|ATATT3x|sntrys_|tskey-)[\w=-]{20,}`,
  String.raw`ak_[0-9a-f]{32}_[0-9a-f]{48}|rt_[\w-]{43}`, // this service
  String.raw`eyJ[\w-]{13,}(?:\.[\w-]*){2,4}`, // JWT
  // Without a mark: long and mixed, and no SHA-256 in base64url.
  String.raw`(?<![+/])(?!\w{43}${end})(?=\w*?[a-z])(?=\w*?[A-Z])(?=(?:[^\W\d]*\d){3})[A-Za-z0-9]{32,}(?![\w+/=%-])`,
].join('|')

const issued = regex`${start}(?:${issuedKeys})`

/** A private key in PEM. One that was cut off ends with its text. */
const pem =
  /-----BEGIN[A-Z +%0-9]*PRIVATE[ +%0-9]+KEY[A-Z +%0-9]*-----[\w+/=\s\\:,.%-]*?(?:-----END[A-Z +%0-9]+-----|$|(?=[^\w+/=\s\\:,.%-]))/g

/** The password in a URL. It may hold an @, and even a slash where nobody encoded it. */
const urlPassword =
  /(:\/\/[^\s:/?#@"'<>]*:)(?!\d{1,5}(?:[/?#]|$))(?!\*{8}@)(?:[^\s/?#"'<>]*|[^\s@"'<>]{1,256})@(?=[\w[])/g

const authorization = /\b(basic|bearer)((?:\s|\+|%20)+)([\w.~+/-]{6,}=*)/gi

const email =
  /(?<![\p{L}\p{M}\p{N}._%+'~!$-])([.%+'~!$-]*)(?!git@)([\p{L}\p{N}_])[\p{L}\p{M}\p{N}._%+'~!$-]*@((?:[\p{L}\p{M}\p{N}_-]+\.)+(?:xn--[a-z0-9-]+|\p{L}{2,}))(?:@(?:[\p{L}\p{M}\p{N}_-]+\.)+\p{L}{2,})*(?![\p{L}\p{N}])/gu

const iban = regex`${start}[A-Z]{2}\d{2}(?:(?:[ +][A-Z0-9]{4}){2,7}(?:[ +][A-Z0-9]{1,3})?|[A-Z0-9]{11,30})${end}`

const card = regex`${start}(?<!\d\.)(?:(?<!\+)\d{13,15}|\d{16,19}|\d{4}(${gap})(?:\d{4}\1\d{4}\1\d{4}|\d{6}\1\d{4,5}))${end}`

const ssn = regex`${start}(?!000|666|9)\d{3}([-\u2010-\u2015])(?!00)\d{2}\1(?!0000)\d{4}${end}`

/** Without hyphens, its name has to stand before it. */
const namedSsn = regex`${start}((?:[Ss][Ss][Nn]|[Ss]ocial[ +][Ss]ecurity(?:[ +](?:[Nn]umber|[Nn]o|[Nn]um)\.?)?)(?:[ +]is)?[^\p{L}\p{N}\n]{1,12})\d{3}${gap}?\d{2}${gap}?\d{4}${end}`

/** Separators or a country code show that digits are a phone number. */
const phoneForms = [
  String.raw`\+[1-9](?:[-. +()/\u2010-\u2015]{0,3}\d){7,14}`, // with a country code
  String.raw`(?<!\+)(?:1${gap})?(?:\(\d{3}\) ?${gap}?|\d{3}${gap})\d{3}${gap}\d{4}`, // North America
  String.raw`(?<!\+)\(0?\d{1,4}\)${gap}?\d{3,5}${gap}\d{3,4}`, // with an area code in parentheses
  String.raw`(?<!\+)(?:0\d{2,4}[ +]\d{3,4}[ +]\d{3,4}|0\d{4}[ +]\d{6}|0\d{1,3}-\d{3,4}-\d{4})`,
  String.raw`00[1-9]\d{0,2}(?: \d{2,5}){2,5}`,
  String.raw`(?<!\+)0[1-9]([-. +])\d{2}(?:\1\d{2}){3}`, // France
].join('|')
const phone = regex`${start}(?<!\d[.:])(?:${phoneForms})(?:(?=x\d)|${end})`

/** Sixteen classes in a row are found far faster than one with {16}. */
const longWord = new RegExp(String.raw`[\w-]`.repeat(16))

/** They come first: what they mask may hold anything. */
export const blockDetectors: readonly Detector[] = [
  { type: 'key', hint: /-----BEGIN/, pattern: pem, mask: () => hidden },
  { type: 'key', hint: /@/, pattern: urlPassword, mask: ([, before]) => `${before}${hidden}@` },
]

/** Their order matters: a later one doesn't see what an earlier one masked. */
export const textDetectors: readonly Detector[] = [
  { type: 'key', hint: longWord, pattern: issued, mask: () => hidden },
  { type: 'key', hint: /basic|bearer/i, pattern: authorization, mask: maskCredential },
  { type: 'email', hint: /@/, pattern: email, mask: maskEmail },
]

/** Texts with fewer digits hold no number that is masked. */
export const enoughDigits = /(?:\d\D*){7}/

/** For texts with enough digits; they come after the others. */
export const numberDetectors: readonly Detector[] = [
  { type: 'key', hint: /[A-Z]{2}\d{2}/, pattern: iban, mask: maskIban },
  { type: 'card', hint: /\d{4}/, pattern: card, mask: maskCard },
  { type: 'ssn', hint: /\d\d[-\u2010-\u2015]\d\d/, pattern: ssn, mask: () => '***-**-****' },
  { type: 'ssn', hint: /ssn|social/i, pattern: namedSsn, mask: ([, name]) => `${name}***-**-****` },
  { type: 'phone', hint: /[-. +(\u00a0\u2010-\u2015\u202f]\d\d/, pattern: phone, mask: maskPhone },
]

function regex({ raw }: TemplateStringsArray, ...parts: readonly string[]): RegExp {
  return new RegExp(String.raw({ raw }, ...parts), 'gu')
}

/** Words behind `bearer` are no credential if they are plain words, nor text behind `basic`. */
function maskCredential([, scheme = '', space, value = '']: RegExpExecArray): string | undefined {
  const isCredential = /basic/i.test(scheme)
    ? Buffer.from(value, 'base64').includes(':')
    : value.length >= 8 && /\d|[a-z][A-Z]/.test(value)
  return isCredential ? `${scheme}${space}${hidden}` : undefined
}

/** What follows the @ in versions and file names. */
const noDomain =
  /^(?:v?\d+\.\d|\dx\.)|\.(?:png|jpe?g|gif|svg|webp|ico|css|[cm]?[jt]sx?|json|map|html?|service)$/

function maskEmail([, before, first, domain = '']: RegExpExecArray): string | undefined {
  return noDomain.test(domain) ? undefined : `${before}${first}***@${domain}`
}

/** Prefixes of issuers, with the lengths of their numbers. */
const issuer =
  /^(?:(?:4|5[0-8]|2[2-7]|35|6|8[12]|97)\d+(?<=^\d{16})|4\d{12}|[46]\d{18}|3[47]\d{13}|3(?:0[0-59]|[689]\d)\d{11})$/

/** Without separators, the check digit must be right. */
function maskCard([text]: RegExpExecArray): string | undefined {
  const digits = text.replace(/\D/g, '')
  const isGrouped = digits.length === 16 && digits !== text
  if (!issuer.test(digits) || !(isGrouped || passesLuhn(digits))) return undefined
  return `****-****-****-${digits.slice(-4)}`
}

function passesLuhn(digits: string): boolean {
  const doubled = [...digits].toReversed().map((digit, place) => Number(digit) * (1 + (place % 2)))
  return doubled.reduce((sum, value) => sum + (value > 9 ? value - 9 : value), 0) % 10 === 0
}

/** ISO 13616: the remainder by 97 is 1, with letters as two digits. */
function maskIban([text]: RegExpExecArray): string | undefined {
  const characters = text.replace(/\W/g, '')
  const moved = characters.slice(4) + characters.slice(0, 4)
  const digits = moved.replace(/[A-Z]/g, (letter) => `${Number.parseInt(letter, 36)}`)
  return BigInt(digits) % 97n === 1n ? hidden : undefined
}

/** Not a decimal number with a sign. */
function maskPhone([text]: RegExpExecArray): string | undefined {
  if (/^\+\d+\.\d{1,8}$/.test(text)) return undefined
  return `***-***-${text.replace(/\D/g, '').slice(-4)}`
}
