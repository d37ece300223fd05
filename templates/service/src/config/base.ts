import { isIP } from 'node:net'
import { Type } from 'typebox'

/** What the process is: it decides the defaults of the other sections. */
export const app = Type.Object({
  environment: Type.Enum(['development', 'test', 'production'], {
    env: 'NODE_ENV',
    default: 'development',
    description: 'Which defaults apply.',
  }),
  debug: Type.Boolean({
    env: 'APP_DEBUG',
    default: false,
    description: 'Tell clients the message of an unexpected error.',
  }),
})

const everyone = '*'

function isOrigin(text: string): boolean {
  if (text === everyone) return true
  if (!/^https?:\/\/[a-z\d.:[\]-]+$/.test(text)) return false
  return URL.canParse(text) && new URL(text).origin === text
}

/** Which pages of other origins may call the API from a browser. */
export const cors = Type.Object({
  origins: Type.Array(Type.Refine(Type.String(), isOrigin), {
    env: 'CORS_ORIGINS',
    default: [],
    defaultIn: { development: ['http://localhost:3000', 'http://localhost:5173'] },
    expected: 'origins such as https://app.example.com, without a path; or * alone',
    refusedBecause: ({ cors }: { cors: CorsSettings }) =>
      cors.origins.includes(everyone) && cors.origins.length > 1
        ? ['* alone or a list without it', '* is every origin']
        : undefined,
    description: 'Origins whose pages may call the API, separated by commas; * for every one.',
  }),
  credentials: Type.Boolean({
    env: 'CORS_CREDENTIALS',
    default: false,
    refusedBecause: ({ cors }: { cors: CorsSettings }) =>
      cors.credentials && cors.origins.includes(everyone)
        ? ['false', 'CORS_ORIGINS is *, and any page could act as the user']
        : undefined,
    description: 'Let those pages send cookies and read what is answered to them.',
  }),
  maxAge: Type.Integer({
    env: 'CORS_MAX_AGE',
    default: 600,
    minimum: 0,
    maximum: 86_400,
    description: 'How long a browser may keep the answer to a preflight, in seconds.',
  }),
})

interface CorsSettings {
  origins: string[]
  credentials: boolean
}

/** The API documentation: `/docs`, `/openapi.json`, and a page for each type of problem. */
export const docs = Type.Object({
  enabled: Type.Boolean({
    env: 'DOCS_ENABLED',
    default: true,
    defaultIn: { production: false },
    description: 'Serve /docs, /openapi.json and /errors.',
  }),
  problemBaseUri: Type.String({
    env: 'PROBLEM_BASE_URI',
    default: '',
    pattern: '^(https?://[^\\s?#]*[^\\s?#/])?$',
    expected: 'a URL such as https://docs.example.com, without a slash at its end',
    description: 'Where /errors/<name> is, if the types of problems shall lead somewhere else.',
  }),
})

/** What is logged, and how it looks. */
export const logging = Type.Object({
  level: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    env: 'LOG_LEVEL',
    default: 'info',
    description: 'The least severe level that is written.',
  }),
  pretty: Type.Boolean({
    env: 'LOG_PRETTY',
    default: false,
    defaultIn: { development: true },
    description: 'Write coloured lines instead of JSON when stdout is a terminal.',
  }),
})

/** From when on the service turns requests away, so that it can answer those that it has. */
export const overload = Type.Object({
  eventLoopDelayMs: Type.Integer({
    env: 'OVERLOAD_EVENT_LOOP_DELAY_MS',
    default: 1_000,
    defaultIn: { test: 0 },
    minimum: 0,
    description: 'Mean delay of the event loop over a second, in milliseconds; 0 for no limit.',
  }),
  heapPercent: Type.Integer({
    env: 'OVERLOAD_HEAP_PERCENT',
    default: 95,
    defaultIn: { test: 0 },
    minimum: 0,
    maximum: 100,
    description: 'Used part of the heap that Node may have, in percent; 0 for no limit.',
  }),
  retryAfterS: Type.Integer({
    env: 'OVERLOAD_RETRY_AFTER_S',
    default: 5,
    minimum: 1,
    description: 'When clients are asked to come back, in seconds.',
  }),
})

const year = 31_536_000

interface SecuritySettings {
  hstsMaxAge: number
  hstsSubdomains: boolean
  hstsPreload: boolean
}

/** What browsers are told to do and to leave, and whether the service may stand open. */
export const security = Type.Object({
  hstsMaxAge: Type.Integer({
    env: 'HSTS_MAX_AGE',
    default: year,
    defaultIn: { development: 0 },
    minimum: 0,
    description: 'How long browsers insist on HTTPS, in seconds; 0 to say nothing about it.',
  }),
  hstsSubdomains: Type.Boolean({
    env: 'HSTS_SUBDOMAINS',
    default: true,
    description: 'Let that hold for all subdomains too.',
  }),
  hstsPreload: Type.Boolean({
    env: 'HSTS_PRELOAD',
    default: false,
    refusedBecause: ({ security }: { security: SecuritySettings }) =>
      security.hstsPreload && !(security.hstsSubdomains && security.hstsMaxAge >= year)
        ? ['false', `preloading needs HSTS_SUBDOMAINS and an HSTS_MAX_AGE of at least ${year}`]
        : undefined,
    description: 'Agree to be in the list of HTTPS hosts that browsers come with.',
  }),
  referrerPolicy: Type.Enum(
    ['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin'],
    {
      env: 'REFERRER_POLICY',
      default: 'no-referrer',
      description: 'What browsers tell other sites about where a link was.',
    },
  ),
  unguardedRoutes: Type.Enum(['refuse', 'warn', 'allow'], {
    env: 'UNGUARDED_ROUTES',
    default: 'refuse',
    defaultIn: { development: 'warn', test: 'allow' },
    description:
      'What to do about routes that declare who may call them while nothing guards them.',
  }),
})

/** Names that stand for address ranges, as the `proxy-addr` package defines them. */
const namedRanges = ['loopback', 'linklocal', 'uniquelocal']

function isAddressRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (bits === undefined) return family !== 0 || namedRanges.includes(text)
  return (
    family !== 0 && rest.length === 0 && /^\d+$/.test(bits) && +bits <= (family === 4 ? 32 : 128)
  )
}

/** Where and with how many processes the service listens, what it accepts, and how it leaves. */
export const server = Type.Object({
  host: Type.String({
    env: 'HOST',
    default: '127.0.0.1',
    description: 'Address to listen on; 0.0.0.0 for every interface.',
  }),
  port: Type.Integer({
    env: 'PORT',
    default: 8000,
    minimum: 0,
    maximum: 65_535,
    description: 'Port to listen on; 0 for a free one.',
  }),
  workers: Type.Integer({
    env: 'WORKERS',
    default: 1,
    minimum: 1,
    description: 'Processes that share the port and answer requests.',
  }),
  apiPrefix: Type.String({
    env: 'API_PREFIX',
    default: '/api/v1',
    pattern: '^(/[A-Za-z0-9._~-]+)+$',
    expected: 'a path such as /api/v1, without a slash at its end',
    description: 'Path under which every resource is mounted.',
  }),
  // Every fault of a body is collected, so a large wrong one costs far more than a large right one.
  bodyLimit: Type.Integer({
    env: 'BODY_LIMIT',
    default: 102_400,
    minimum: 1,
    description: 'Largest request body, in bytes.',
  }),
  trustProxy: Type.Array(Type.Refine(Type.String(), isAddressRange), {
    env: 'TRUST_PROXY',
    default: [],
    expected: 'IP addresses or CIDR ranges, or loopback, linklocal, uniquelocal',
    description: 'Proxies whose X-Forwarded-* headers are believed, separated by commas.',
  }),
  requestTimeoutMs: Type.Integer({
    env: 'REQUEST_TIMEOUT_MS',
    default: 60_000,
    minimum: 1,
    description: 'How long a client may take to send a request, in milliseconds.',
  }),
  timingHeaders: Type.Boolean({
    env: 'TIMING_HEADERS',
    default: true,
    description: 'Tell clients how long a response took: Server-Timing and X-Process-Time.',
  }),
  shutdownDelayMs: Type.Integer({
    env: 'SHUTDOWN_DELAY_MS',
    default: 0,
    minimum: 0,
    description: 'How long to serve on after a stop signal, so that balancers notice.',
  }),
  shutdownQuietMs: Type.Integer({
    env: 'SHUTDOWN_QUIET_MS',
    default: 500,
    defaultIn: { development: 0 },
    minimum: 0,
    description:
      'How long after an answer its client may ask on the same connection, in milliseconds.',
  }),
  shutdownTimeoutMs: Type.Integer({
    env: 'SHUTDOWN_TIMEOUT_MS',
    default: 10_000,
    minimum: 1,
    description: 'How long open requests may take after that delay, in milliseconds.',
  }),
})
