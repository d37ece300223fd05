export * from './u.ts' // mine
