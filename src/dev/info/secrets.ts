import { type Described, isHarmless, isMeasure } from './harmless.ts'

/** Stands for a secret of any length. */
export const masked = '********'

const secretWord =
  'pass|pwd|secret|token|key|credential|dsn|private|auth|cookie|session|salt|signature|cert|webhook|connection_?str|seed|otp|jwt|hmac|encrypt'
const secretName = new RegExp(`${secretWord}|(?:^|_)pin(?:_|$)`, 'i')
/** Ends the name of a secret even where a configuration doesn't call it one. */
const secretEnding = /(?:password|passwd|pwd|secret|token|key|credential|dsn|salt)s?$/i

/** `password=…` in a list of settings, `"token": …` in JSON, `--key …` among arguments. */
const namedWithin = new RegExp(
  `(?:${secretWord})[\\w-]*["']?\\s*[=:]|-(?:${secretWord})\\S*\\s`,
  'i',
)

const secretShapes: readonly RegExp[] = [
  // Those of well-known services.
  /\b(?:sk|pk|rk|sess|whsec|gh[opsur]|github_pat|glpat|gl[a-z]+|xox[a-z]|xapp|npm|pypi|hf|dop_v1|shp[a-z]+|ya29|sq0[a-z]+|pat|lin_api|key)[_.-]\S/i,
  /\b(?:AKIA|ASIA|AIza|SG\.|AGE-SECRET|EAAC|dckr_)\S/,
  /\b(?:bearer|basic|digest)\s+\S/i,
  // JSON web tokens and keys in PEM.
  /eyJ[\w-]{4,}/,
  /-----BEGIN/,
]

/** Ids and random text: often secrets, unless the configuration declares them open. */
const randomShapes: readonly RegExp[] = [
  /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/i,
  /(?=[a-z+=]*\d)(?=[\d+=]*[a-z])[a-z\d+=]{20,}/i,
  /(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{24,}/,
]

/** Addresses whose path is the name of a database. */
const databases = new Set([
  'DATABASE_URL',
  'TEST_DATABASE_URL',
  'POSTGRES_URL',
  'MYSQL_URL',
  'MONGODB_URI',
  'MONGODB_URL',
  'REDIS_URL',
])
/** Addresses that say where something is; their paths may be what lets one in. */
const origins = new Set(['BASE_URL', 'PUBLIC_URL', 'APP_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT'])

const scheme = /^[a-z][a-z\d+.-]*:\/\//i
const host = String.raw`(?:\[[\da-f:.]+\]|[\w.-]*)(?::\d{1,5})?`
const place = new RegExp(`^(${host}(?:,${host})*)(/[\\w./-]*)?$`, 'i')

const nothing: Described = { examples: new Map(), open: [], secrets: [] }

/**
 * The value of a variable with its secrets masked: what the configuration calls one, what the name
 * or the look of the value suggests, and the credentials and unknown paths in addresses.
 */
export function maskValue(name: string, value: string, described = nothing): string {
  if (value === '') return value
  if (databases.has(name) || origins.has(name)) return maskAddress(name, value)
  const isOpen = described.open.includes(name)
  if (described.secrets.includes(name)) return masked
  if (isMeasure(name, value)) return value
  if ((isOpen ? secretEnding : secretName).test(name)) return masked
  if (scheme.test(value)) {
    return isOpen && !isSecretLike(value, isOpen) ? value : maskAddress(name, value)
  }
  return !isSecretLike(value, isOpen) && isHarmless(name, value, described) ? value : masked
}

function isSecretLike(value: string, isOpen: boolean): boolean {
  const isConnection = /\S:\S*@/.test(value) || /:\/\/[^/]*@/.test(value)
  const found = isOpen ? secretShapes : [...secretShapes, ...randomShapes]
  return isConnection || namedWithin.test(value) || found.some((shape) => shape.test(value))
}

/** An address without its user, its password and its query; masked as a whole if it can't be read. */
function maskAddress(name: string, value: string): string {
  const [start] = scheme.exec(value) ?? []
  if (start === undefined) return masked
  const at = value.lastIndexOf('@')
  // With such characters it isn't clear where a password ends, or whether it is in a query.
  if (/[/?#@\s]/.test(value.slice(start.length, Math.max(at, start.length)))) return masked
  const credentials = at === -1 ? '' : `${masked}:${masked}@`
  const rest = value.slice(at === -1 ? start.length : at + 1)
  const [, where = '', query = ''] = /^([^?#]*)(.*)$/s.exec(rest) ?? []
  const [, hosts, path = ''] = place.exec(where) ?? []
  if (hosts === undefined) return masked
  const isShown = path === '' || path === '/' || (databases.has(name) && /^\/[\w.-]+$/.test(path))
  return `${start}${credentials}${hosts}${isShown ? path : `/${masked}`}${query === '' ? '' : `?${masked}`}`
}

/** A text, such as the address of a repository, without the credentials in its addresses. */
export function withoutCredentials(text: string): string {
  // The @ of a scoped package follows a slash.
  return text.replace(/:\/\/\S*[^\s/]@/g, `://${masked}@`)
}
