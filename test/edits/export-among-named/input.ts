export { a } from './a.ts'
export type { T } from './t.ts'
export * from './z.ts'
