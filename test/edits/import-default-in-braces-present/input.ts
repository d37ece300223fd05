import { default as u } from './u/index.ts'
