import a from 'a'
export * from './u.ts'
