export * from '../auth/config.ts'
export * from '../db/config.ts'
export * from './base.ts'
