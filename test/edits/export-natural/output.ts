export * from './a9.ts'
export * from './a9b.ts'
export * from './a10.ts'
