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
