import { hidden, type MaskedType } from './pii-detectors.ts'

/** What the name of a field says about its value. */
export interface FieldKind {
  /** `text`: numbers are counts or results. */
  readonly secret: 'always' | 'text' | 'never'
  readonly typed?: 'card' | 'ssn' | 'phone'
  /** Its value in a text goes on to the end of the line. */
  readonly header?: true
}

/** Names whose last word, or last two words, are one of these. */
const kinds: readonly (readonly [FieldKind, string])[] = [
  [{ secret: 'never', typed: 'card' }, 'card pan'],
  [{ secret: 'always', typed: 'card' }, 'creditcard cardnumber ccnumber'],
  [{ secret: 'always', typed: 'ssn' }, 'ssn socialsecurity securitynumber'],
  [{ secret: 'never', typed: 'phone' }, 'phone phonenumber mobile mobilenumber telephone tel fax'],
  [{ secret: 'always', header: true }, 'authorization cookie setcookie'],
  [{ secret: 'text' }, 'pass tokens secrets passwords cookies apikeys'],
  [
    { secret: 'always' },
    `password passwd pwd passphrase passcode secret token jwt auth credential credentials
     apikey accesskey secretkey privatekey signingkey encryptionkey sharedkey masterkey accountkey
     servicekey sessionkey sessionid connectsid sid sig amzsignature amzcredential
     cvv cvv2 cvc cvc2 csc securitycode pin pincode otp totp otpcode mfacode authcode
     authorizationcode verificationcode recoverycode backupcode
     taxid driverlicense driverslicense drivinglicense`,
  ],
]

const kindOf = new Map(
  kinds.flatMap(([kind, names]) => names.split(/\s+/).map((name) => [name, kind] as const)),
)

const secret: FieldKind = { secret: 'always' }

/** Compounds without a seam, such as `userpassword` or `PGPASSWORD`. */
const compound = /(?:password|passwd|passphrase|secret|token|apikey)$/

/** Words that say in what form a secret is, not that it is something else. */
const forms = new Set(
  'hash hashed value digest plain raw text string binary encrypted confirm confirmation repeat'.split(
    ' ',
  ),
)

/** The kind of a field: `passwordHash` and `X-Api-Key` are secret, `keyId` and `tokenCount` aren't. */
export function fieldKind(name: string, own: ReadonlySet<string>): FieldKind | undefined {
  const words = wordsOf(name)
  if (own.has(words.join(''))) return secret
  while (words.length > 1 && forms.has(words.at(-1) as string)) words.pop()
  const last = words.at(-1) ?? ''
  const kind = kindOf.get(words.slice(-2).join('')) ?? kindOf.get(last)
  return kind ?? (compound.test(last) ? secret : undefined)
}

function wordsOf(name: string): string[] {
  return name
    .replace(/(\p{Ll}|\d)(\p{Lu})|(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1$3 $2$4')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word, at, all) => (at === all.length - 1 ? word.replace(/(?<=\p{L}{3})\d+$/u, '') : word))
}

/** The form in which fields are compared: without case and separators. */
export function plainName(name: string): string {
  return wordsOf(name).join('')
}

const masked =
  /^(?:\*{8}|\*{3}-\*\*-\*{4}|\*{3}-\*{3}-\d{4}|(?:\*{4}-){3}\d{4}|[^@]{0,4}\*{3}@[^@]+)$/u

/** The mask of a text or number in such a field, or `undefined` to leave it to the detectors. */
export function maskField(
  { secret, typed }: FieldKind,
  text: string,
): { readonly type: MaskedType; readonly mask: string } | undefined {
  if (masked.test(text)) return undefined
  const digits = text.replace(/[\s().+-]/g, '')
  const { length } = /^\d+$/.test(digits) ? digits : ''
  if (typed === 'card' && length >= 12 && length <= 19)
    return { type: 'card', mask: `****-****-****-${digits.slice(-4)}` }
  if (typed === 'ssn' && length === 9) return { type: 'ssn', mask: '***-**-****' }
  if (typed === 'phone' && length >= 7 && length <= 15)
    return { type: 'phone', mask: `***-***-${digits.slice(-4)}` }
  if (secret === 'never' || (secret === 'text' && /^\d+$/.test(text))) return undefined
  return { type: 'field', mask: hidden }
}
