import { Type } from 'typebox'

/** Defaults of circuit breakers, and where the services that are called can be reached. */
export const resilience = Type.Object({
  failureThreshold: Type.Integer({
    env: 'CIRCUIT_BREAKER_FAILURE_THRESHOLD',
    default: 5,
    minimum: 1,
    description: 'Failures in a row that open a circuit.',
  }),
  recoveryTimeout: Type.Integer({
    env: 'CIRCUIT_BREAKER_RECOVERY_TIMEOUT',
    default: 60,
    minimum: 1,
    maximum: 86_400,
    description: 'How long an open circuit rejects calls before it tries again, in seconds.',
  }),
  exampleUrl: Type.Optional(
    Type.Refine(
      Type.String({
        env: 'EXAMPLE_URL',
        expected: 'a URL such as https://prices.internal, without credentials or a query',
        description: 'Base URL of the service that src/clients/example.ts calls.',
      }),
      (text) => /^https?:[^@?#]+$/.test(text) && URL.canParse(text),
    ),
  ),
})
