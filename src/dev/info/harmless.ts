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
  /(?:^|_)(?:PORT|MS|SECONDS|MINUTES|HOURS|DAYS|BYTES|TIMEOUT|DELAY|INTERVAL|TTL|LIMIT|SIZE|COUNT|WORKERS|CONCURRENCY|RETRIES|ATTEMPTS)$/

/** What the files of a project say of its variables. */
export interface Described {
  /** The values of its example file, which everybody has who has the project. */
  readonly examples: ReadonlyMap<string, string | undefined>
  /** Names that the configuration of a service calls secret. */
  readonly secrets: readonly string[]
}

/** Whether a value is known to be no secret; of most it is not known. */
export function isHarmless(name: string, value: string, { examples }: Described): boolean {
  const has = (shape: Shape) => shapes[shape].test(value)
  if (known.get(name)?.some(has)) return true
  if (measure.test(name) && has('number')) return true
  const example = examples.get(name)
  return example !== undefined && (value === example || has('switch'))
}
