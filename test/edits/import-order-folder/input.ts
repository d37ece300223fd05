import a from './a.ts'
import ab from './a-b.ts'
