import { Type } from 'typebox'
import { integer, optionalText } from '../config/types.ts'

/** Defaults of circuit breakers, and where the services that are called can be reached. */
export const resilience = Type.Object({
  /** Failures in a row that open a circuit. */
  failureThreshold: integer('CIRCUIT_BREAKER_FAILURE_THRESHOLD', 5, { minimum: 1 }),
  /** How long an open circuit rejects calls before it tries again, in seconds. */
  recoveryTimeout: integer('CIRCUIT_BREAKER_RECOVERY_TIMEOUT', 60, { minimum: 1, maximum: 86_400 }),
  /** Base URL of the service that src/clients/example.ts calls. */
  exampleUrl: optionalText({
    env: 'EXAMPLE_URL',
    isValid: (text: string) => /^https?:[^@?#]+$/.test(text) && URL.canParse(text),
    expected: 'a URL such as https://prices.internal, without credentials or a query',
  }),
})
