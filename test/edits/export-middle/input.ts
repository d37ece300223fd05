export * from './a.ts'
export * from './z.ts'
