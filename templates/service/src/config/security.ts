import { Type } from 'typebox'

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
