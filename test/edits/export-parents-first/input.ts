export * from './z.ts'
