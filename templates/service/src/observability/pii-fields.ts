import { hidden, type MaskedType } from './pii-detectors.ts'

/** What the name of a field says about its value. */
export interface FieldKind {
  /** `text`: numbers are counts or results. */
  readonly secret: 'always' | 'text' | 'never'
  readonly typed?: 'card' | 'ssn' | 'phone'
  /** In a text, its value reaches to the end of the line. */
  readonly isHeader?: true
}

const secret: FieldKind = { secret: 'always' }

/** Names whose last word or last two words are one of these. */
const table: readonly (readonly [FieldKind, string])[] = [
  [{ secret: 'never', typed: 'card' }, 'card pan'],
  [{ secret: 'always', typed: 'card' }, 'credit-card card-number cc-number'],
  [{ secret: 'always', typed: 'ssn' }, 'ssn social-security security-number'],
  [
    { secret: 'never', typed: 'phone' },
    'phone phone-number mobile mobile-number telephone tel fax',
  ],
  [{ secret: 'always', isHeader: true }, 'authorization cookie set-cookie'],
  [{ secret: 'text' }, 'pass tokens secrets passwords cookies api-keys'],
  [
    secret,
    `password passwd pwd passphrase passcode secret token jwt auth credential credentials
     api-key access-key secret-key private-key signing-key encryption-key shared-key master-key
     account-key service-key session-key session-id connect-sid sid amz-signature
     cvv cvv2 cvc cvc2 csc security-code pin pin-code otp totp otp-code mfa-code auth-code
     authorization-code verification-code recovery-code backup-code
     tax-id driver-license drivers-license driving-license`,
  ],
]

const kinds = new Map(
  table.flatMap(([kind, names]) =>
    names.split(/\s+/).map((name) => [name.replace('-', ''), kind] as const),
  ),
)

/** Names without a seam, such as `dbpassword` or `PGPASSWORD`. */
const compound = /(?:password|passwd|passphrase|secret|token|apikey)$/

/** Words that say in what form a secret is, not that it is something else. */
const forms = new Set(
  'hash value digest plain raw text string encrypted confirm confirmation'.split(' '),
)

/** The kind of a field: `passwordHash` and `X-Api-Key` are secret, `keyId` and `tokenCount` aren't. */
export function fieldKind(name: string, own: ReadonlySet<string>): FieldKind | null {
  const words = wordsOf(name)
  if (own.has(words.join(''))) return secret
  while (words.length > 1 && forms.has(words.at(-1) as string)) words.pop()
  const last = words.at(-1)?.replace(/(?<=\p{L}{4})\d+$/u, '') ?? ''
  const kind = kinds.get((words.at(-2) ?? '') + last) ?? kinds.get(last)
  return kind ?? (compound.test(last) ? secret : null)
}

/** A name in lower case, without separators: as names are compared. */
export function plainName(name: string): string {
  return wordsOf(name).join('')
}

function wordsOf(name: string): string[] {
  const seams = /(?<=[\p{Ll}\d])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu
  const words = name.replace(seams, ' ').toLowerCase()
  return words.match(/[\p{L}\p{N}]+/gu) ?? []
}

/** What is masked already stays as it is. */
const mask = /^\+?(?:\*{8}|\*{3}-\*\*-\*{4}|(?:\*{4}-){3}\d{4})[^\p{L}\p{N}]*$/u

/** The mask of a value in such a field, or `undefined` to leave it to the detectors. */
export function maskField(
  { secret, typed }: FieldKind,
  value: unknown,
): readonly [MaskedType, string] | undefined {
  const text = typeof value === 'object' ? '' : String(value)
  if (value === null || typeof value === 'boolean' || mask.test(text)) return undefined
  const digits = text.replace(/[\s().+-]/g, '')
  const { length } = /^\d+$/.test(digits) ? digits : ''
  const lastFour = digits.slice(-4)
  if (typed === 'card' && length >= 12 && length <= 19)
    return ['card', `****-****-****-${lastFour}`]
  if (typed === 'ssn' && length === 9) return ['ssn', '***-**-****']
  if (typed === 'phone' && length >= 7 && length <= 15) return ['phone', `***-***-${lastFour}`]
  const isCount = secret === 'text' && length > 0
  return secret === 'never' || isCount ? undefined : ['field', hidden]
}
