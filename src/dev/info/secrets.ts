import { type Described, isHarmless } from './harmless.ts'

/** What stands for a secret, however long that is. */
export const masked = '********'

const secretWord =
  'pass|pwd|secret|token|key|credential|dsn|private|auth|cookie|session|salt|signature|cert|webhook|connection_?str|seed|otp'
const secretName = new RegExp(secretWord, 'i')

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
  /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/i,
  // What no person has thought up.
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

const nothing: Described = { examples: new Map(), secrets: [] }

/** The value of a variable as it may be shown: nothing but what is known to be no secret. */
export function maskValue(name: string, value: string, described = nothing): string {
  if (value === '') return value
  if (databases.has(name) || origins.has(name)) return maskAddress(name, value)
  if (secretName.test(name) || described.secrets.includes(name)) return masked
  return !isSecretLike(value) && isHarmless(name, value, described) ? value : masked
}

function isSecretLike(value: string): boolean {
  const isConnection = /\S:\S*@/.test(value) || /:\/\/[^/]*@/.test(value)
  return isConnection || namedWithin.test(value) || secretShapes.some((shape) => shape.test(value))
}

/** An address without its user, its password and its query; nothing of one that is not understood. */
function maskAddress(name: string, value: string): string {
  const [start] = scheme.exec(value) ?? []
  if (start === undefined) return masked
  const at = value.lastIndexOf('@')
  // Nobody can say where a password ends that holds such signs, or whether it stands in a query.
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
  // The @ of a scoped package stands behind a slash.
  return text.replace(/:\/\/\S*[^\s/]@/g, `://${masked}@`)
}
