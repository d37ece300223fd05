import { Type } from 'typebox'

/** When circuits open and close where their code does not say it, and who may look at them. */
export const resilience = Type.Object({
  failureThreshold: Type.Integer({
    env: 'CIRCUIT_BREAKER_FAILURE_THRESHOLD',
    default: 5,
    minimum: 1,
    description: 'Failed calls in a row after which a circuit opens.',
  }),
  recoveryTimeout: Type.Integer({
    env: 'CIRCUIT_BREAKER_RECOVERY_TIMEOUT',
    default: 60,
    minimum: 1,
    maximum: 86_400,
    description: 'How long an open circuit refuses calls before it tries again, in seconds.',
  }),
  routesEnabled: Type.Boolean({
    env: 'CIRCUIT_BREAKER_ROUTES_ENABLED',
    default: true,
    defaultIn: { production: false },
    description: 'Let operators list and reset circuits below API_PREFIX/circuit-breakers.',
  }),
})
