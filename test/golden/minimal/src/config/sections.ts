export * from './base.ts'
