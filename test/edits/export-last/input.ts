export * from './a.ts'
