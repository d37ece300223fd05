import { Type } from 'typebox'

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
