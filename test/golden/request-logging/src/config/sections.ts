export * from '../request-logging/config.ts'
export * from './base.ts'
