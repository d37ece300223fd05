import type { Owned, Owner } from '../model/owner.ts'
import type { Feature } from './feature.ts'

/** What every service has, whatever its features. */
export const ownedByBase: Partial<Owned> = {
  rootPaths: ['/docs', '/errors', '/health', '/metrics', '/openapi.json'],
  schemas: ['Problem', 'ValidationProblem'],
  operations: ['checkLiveness', 'checkReadiness', 'checkStartup'],
  plugins: [
    'cors',
    'draining',
    'error-pages',
    'errors',
    'health',
    'json-body',
    'load-shedding',
    'metering',
    'metrics-page',
    'not-found',
    'openapi',
    'protocol',
    'request-id',
    'security-headers',
    'timing',
    'unguarded-routes',
  ],
  tests: [
    'access-log',
    'contract',
    'cors',
    'error-pages',
    'health',
    'load-shedding',
    'metrics',
    'openapi',
    'problems',
    'request-flow',
    'route-policy',
    'security-headers',
    'variables',
  ],
}

/** The base and every feature, also those that a service does not have yet. */
export function ownersOf(
  present: readonly string[],
  registry: readonly Feature[],
): readonly Owner[] {
  return [
    { title: 'the base of the service', isPresent: true, ownsBelow: true, owned: ownedByBase },
    ...registry.map(({ id, owned }) => ({
      title: `the feature ${id}`,
      isPresent: present.includes(id),
      ownsBelow: true,
      owned,
    })),
  ]
}
