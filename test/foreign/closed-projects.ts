import type { Project } from '../support/foreign.ts'

/** A project in which nobody can tell where something has to be registered. */
export interface ClosedProject extends Project {
  readonly code: 'NO_ANCHOR' | 'AMBIGUOUS'
  /** What the message has to say: what was looked for, or which places there are. */
  readonly says: readonly (string | RegExp)[]
}

export const closedProjects: readonly ClosedProject[] = [
  {
    name: 'chained-factory',
    entry: 'src/server.ts',
    serves: { 'GET /links': { docs: 'https://example.com/docs' } },
    code: 'NO_ANCHOR',
    says: ['src/app.ts', /fastify/i],
  },
  {
    name: 'two-instances',
    entry: 'src/server.ts',
    serves: {
      'GET /products': [{ sku: 'mug-1', price: '9.00' }],
      'GET /metrics': 'orders_total 7',
    },
    code: 'AMBIGUOUS',
    says: ['src/server.ts:6', 'src/server.ts:10', '--into src/server.ts#'],
  },
  {
    name: 'shared-core',
    entry: 'src/server/create.ts',
    serves: { 'GET /notes': [{ text: 'Buy milk' }] },
    code: 'NO_ANCHOR',
    says: [
      'found in src/server/create.ts, src/modules/notes/notes.route.ts',
      'src/modules/notes/notes.route.ts:3 notesRoute',
      '--into src/modules/notes/notes.route.ts#notesRoute',
    ],
  },
  {
    name: 'no-instance',
    entry: 'src/index.ts',
    serves: {},
    code: 'NO_ANCHOR',
    says: ['src/index.ts', /fastify/i],
  },
  {
    name: 'exported-to-two',
    entry: 'src/main.ts',
    serves: {
      'GET /stalls': [{ stall: 7, sells: 'cheese' }],
      'GET /internal/rents': [{ stall: 7, paid: true }],
    },
    code: 'AMBIGUOUS',
    says: [
      'src/internal.ts:1 app',
      'src/public.ts:1 app',
      '--into src/internal.ts#app  or  --into src/public.ts#app',
    ],
  },
]
