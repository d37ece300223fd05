export * from '../resilience/config.ts'
export * from './base.ts'
