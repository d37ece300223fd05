import { describe, expect, it } from 'vitest'
import { middleware } from '../../../src/generators/middleware.ts'
import { migration } from '../../../src/generators/migration.ts'
import { type ResourceInput, resource } from '../../../src/generators/resource.ts'
import { router } from '../../../src/generators/router.ts'
import { inForeign, inService } from './surroundings.ts'

const bare = inService({ present: ['database'] })
const ofResource = (asked: Pick<ResourceInput, 'name' | 'plural'>, around = inService()) =>
  resource.plan({ fields: [], parts: [], isPublic: false, ...asked }, around)

function taken(message: string, hint?: string) {
  return expect.objectContaining({
    exitCode: 3,
    refusals: [
      expect.objectContaining({
        code: 'NAME_TAKEN',
        message,
        ...(hint === undefined ? {} : { hint: expect.stringContaining(hint) }),
      }),
    ],
  })
}

describe('a resource', () => {
  it.each([
    ['RateLimit', 'The path /api/v1/rate-limits belongs to the feature rate-limit.'],
    ['CircuitBreaker', 'The path /api/v1/circuit-breakers belongs to the feature resilience.'],
    ['ApiKey', 'The path /api/v1/api-keys belongs to the feature auth.'],
    ['AuthUser', 'The table auth_users belongs to the feature auth.'],
    ['Session', 'The operation listSessions belongs to the feature auth.'],
    ['Circuit', 'The operation listCircuits belongs to the feature resilience.'],
    ['Me', 'The operation getMe belongs to the feature auth.'],
    ['Variable', 'The test test/api/variables.test.ts belongs to the base of the service.'],
  ])('%s is refused: %s', (name, message) => {
    expect(() => ofResource({ name, plural: undefined })).toThrow(
      taken(message, 'Choose another name'),
    )
  })

  it('is refused for a feature that is not there yet, which could not be added then', () => {
    expect(() => ofResource({ name: 'RateLimit', plural: undefined }, bare)).toThrow(
      taken(
        'The path /api/v1/rate-limits belongs to the feature rate-limit, which could not be added then.',
        '--plural',
      ),
    )
  })

  it('may have a plural that is free, and is offered one only where that helps', () => {
    expect(() => ofResource({ name: 'RateLimit', plural: 'limits' })).not.toThrow()
    expect(() => ofResource({ name: 'Change', plural: 'schema_migrations' })).toThrow(
      taken('The table schema_migrations belongs to the feature database.', '--plural'),
    )
    expect(() => ofResource({ name: 'Thing', plural: 'auth' })).toThrow(
      taken('The path /api/v1/auth belongs to the feature auth.'),
    )
    expect(() => ofResource({ name: 'Me', plural: undefined })).toThrow(
      expect.objectContaining({
        refusals: [expect.objectContaining({ hint: 'Choose another name.' })],
      }),
    )
  })

  it.each(['User', 'Product', 'Key', 'Token', 'Health', 'Error', 'Limit', 'Client', 'Role'])(
    '%s is free',
    (name) => {
      const plan = () => ofResource({ name, plural: undefined })
      if (name === 'Error') expect(plan).toThrow('would hide the built-in')
      else expect(plan).not.toThrow()
    },
  )
})

describe('a router', () => {
  const product = ofResource({ name: 'Product', plural: undefined }).head
  const hooks = router.plan({ name: 'hooks' }, inService()).head
  const around = inService({ units: [product, hooks] })

  it.each([
    ['rate-limits', undefined, 'The path /api/v1/rate-limits belongs to the feature rate-limit.'],
    [
      'limits',
      '/api/v1/rate-limits',
      'The path /api/v1/rate-limits belongs to the feature rate-limit.',
    ],
    ['deep', '/api/v1/auth/users', 'The path /api/v1/auth/users belongs to the feature auth.'],
    ['probes', '/health', 'The path /health belongs to the base of the service.'],
    ['shop', '/api/v1/products', 'The path /api/v1/products belongs to the resource product.'],
    ['others', '/api/v1/hooks', 'The path /api/v1/hooks belongs to the router hooks.'],
    ['products', '/shop', 'The test test/api/products.test.ts belongs to the resource product.'],
  ])('%s at %s is refused: %s', (name, prefix, message) => {
    expect(() => router.plan({ name, prefix }, around)).toThrow(taken(message, 'Choose another'))
  })

  it.each([
    ['reviews', '/api/v1/products/:id/reviews'],
    ['healthy', '/healthy'],
    ['authors', '/api/v1/authors'],
    ['hooks', undefined],
  ])('%s at %s is free', (name, prefix) => {
    expect(() => router.plan({ name, prefix }, around)).not.toThrow()
  })

  it('at the path of a resource is refused in a project that was made elsewhere too', () => {
    const known = { units: [{ ...product, args: { plural: 'products' } }] }
    expect(() => router.plan({ name: 'products' }, inForeign({}, 'site', known))).toThrow(
      taken('The path /products belongs to the resource product.'),
    )
    expect(() =>
      router.plan({ name: 'products', prefix: '/shop' }, inForeign({}, 'site', known)),
    ).not.toThrow()
  })
})

it('a resource at the path of a router is refused', () => {
  const shop = router.plan({ name: 'shop', prefix: '/api/v1/products' }, inService()).head
  expect(() =>
    ofResource({ name: 'Product', plural: undefined }, inService({ units: [shop] })),
  ).toThrow(taken('The path /api/v1/products belongs to the router shop.', '--plural'))
})

it('looks below the prefix that the service has', () => {
  const around = { ...inService(), apiPrefix: '/v2' }
  expect(() => router.plan({ name: 'limits', prefix: '/v2/rate-limits' }, around)).toThrow(
    taken('The path /v2/rate-limits belongs to the feature rate-limit.'),
  )
  expect(() => router.plan({ name: 'limits', prefix: '/api/v1/rate-limits' }, around)).not.toThrow()
})

it.each([
  ['identify', 'The plugin identify belongs to the feature auth, which could not be added then.'],
  [
    'route_limit',
    'The plugin route-limit belongs to the feature rate-limit, which could not be added then.',
  ],
  ['protocol', 'The plugin protocol belongs to the base of the service.'],
])('a middleware %s is refused: %s', (name, message) => {
  expect(() => middleware.plan({ name }, bare)).toThrow(taken(message, 'Choose another name.'))
})

it('a migration with the name of one that a feature brings is refused', () => {
  expect(() => migration.plan({ name: 'create_auth' }, bare)).toThrow(
    taken('The migration create_auth belongs to the feature auth, which could not be added then.'),
  )
})
