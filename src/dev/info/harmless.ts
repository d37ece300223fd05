const network = String.raw`(?:[\da-f:.]+(?:\/\d{1,3})?|loopback|linklocal|uniquelocal|true|false)`

/** What a value that may be shown looks like. */
const shapes = {
  word: /^[a-z][\w-]{0,31}$/i,
  number: /^\d{1,12}(?:\.\d+)?$/,
  switch: /^(?:true|false|on|off|yes|no)$/i,
  host: /^(?:[a-z\d.-]+|\[?[\da-f]*:[\da-f:.]*\]?)$/i,
  networks: new RegExp(`^${network}(?:, *${network})*$`, 'i'),
  path: /^\.{0,2}\/[\w./-]*$/,
  flags: /^(?:--[a-z-]+(?:=\d+)?(?: +|$))+$/,
} as const

type Shape = keyof typeof shapes

/** Variables that everybody knows, and the shapes that they have where nothing is amiss. */
const known = new Map<string, readonly Shape[]>(
  Object.entries({
    NODE_ENV: ['word'],
    ENVIRONMENT: ['word'],
    APP_ENV: ['word'],
    APP_DEBUG: ['switch', 'number'],
    DOCS_ENABLED: ['switch'],
    LOG_LEVEL: ['word'],
    LOG_FORMAT: ['word'],
    LOG_PRETTY: ['switch'],
    MIGRATE_ON_START: ['word'],
    CI: ['switch', 'number'],
    NO_COLOR: ['switch', 'number'],
    FORCE_COLOR: ['switch', 'number'],
    HOST: ['host'],
    PORT: ['number'],
    WORKERS: ['number'],
    API_PREFIX: ['path'],
    DATA_DIR: ['path'],
    TRUST_PROXY: ['networks', 'number'],
    NODE_OPTIONS: ['flags'],
  }),
)

/** What ends a name whose number measures something. */
const measure =
  /(?:^|_)(?:PORT|MS|SECONDS|MINUTES|HOURS|DAYS|BYTES|TIMEOUT|DELAY|INTERVAL|TTL|LIMIT|SIZE|LENGTH|COUNT|WORKERS|CONCURRENCY|RETRIES|ATTEMPTS)$/

/** Words, numbers, versions, durations and paths; not what mixes letters and digits as passwords do. */
const part = String.raw`(?:[a-z]{1,24}|\d{1,12})`
const plain = new RegExp(
  String.raw`^(?:\.{0,2}\/)?(?:v?${part}|\d{1,9}(?:ms|s|m|h|d))(?:[ ,./_-]+${part})*$`,
  'i',
)

/** What the files of a project say about its variables. */
export interface Described {
  /** The values of its example file, which isn't secret. */
  readonly examples: ReadonlyMap<string, string | undefined>
  /** Names that the configuration of a service declares, and doesn't call secret. */
  readonly open: readonly string[]
  /** Names that it calls secret. */
  readonly secrets: readonly string[]
}

/** Whether a number measures something, whatever else the name is about: `TOKEN_TTL=900`. */
export function isMeasure(name: string, value: string): boolean {
  return measure.test(name) && shapes.number.test(value)
}

/** Whether a value that doesn't look like a secret can be shown. */
export function isHarmless(name: string, value: string, { examples, open }: Described): boolean {
  const shapesOfName = known.get(name)
  if (shapesOfName !== undefined) return shapesOfName.some((shape) => shapes[shape].test(value))
  return open.includes(name) || value === examples.get(name) || plain.test(value)
}
