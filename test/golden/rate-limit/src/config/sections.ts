export * from '../rate-limit/config.ts'
export * from '../redis/config.ts'
export * from './base.ts'
