import { isIP } from 'node:net'
import { Type } from 'typebox'

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
