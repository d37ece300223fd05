// export * from './u.ts'
