import x from './a/x.ts'
import a from './a.ts'
import ab from './a-b.ts'
