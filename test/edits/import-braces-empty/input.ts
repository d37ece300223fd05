import {} from './u.ts'
