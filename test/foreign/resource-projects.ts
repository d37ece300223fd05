import { everyField } from '../support/every-field.ts'

export const generateThing = ['generate', 'resource', 'Thing', ...everyField]

/** A project with Drizzle on PostgreSQL. */
export interface DrizzleProject {
  readonly name: string
  readonly entry: string
  /** What a resource called Thing adds and changes. */
  readonly changed: readonly string[]
  /** Where its error handler puts the message. */
  readonly message: string
}

export const drizzleProjects: readonly DrizzleProject[] = [
  {
    name: 'drizzle-typescript',
    entry: 'src/server.ts',
    changed: [
      'src/app.ts',
      'src/db/schema.ts',
      'src/db/things.ts',
      'src/resources/things/thing.repository.ts',
      'src/resources/things/thing.schema.ts',
      'src/routes/things.ts',
    ],
    message: 'problem',
  },
  {
    name: 'drizzle-features',
    entry: 'src/server.ts',
    changed: [
      'src/app.ts',
      'src/modules/things/things.dto.ts',
      'src/modules/things/things.repository.ts',
      'src/modules/things/things.routes.ts',
      'src/modules/things/things.schema.ts',
    ],
    message: 'problem',
  },
  {
    name: 'drizzle-javascript',
    entry: 'src/server.js',
    changed: [
      'src/resources/things/thing.repository.js',
      'src/resources/things/thing.schema.js',
      'src/routes/things.js',
      'src/schema/index.js',
      'src/schema/things.table.js',
      'src/server.js',
    ],
    message: 'message',
  },
]
