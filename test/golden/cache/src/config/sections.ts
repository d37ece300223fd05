export * from '../cache/config.ts'
export * from '../redis/config.ts'
export * from './base.ts'
