/** The models, one line each. */
export * from './u.ts'
