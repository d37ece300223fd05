export * from '../db/config.ts'
export * from './base.ts'
