import a from './a2.ts'
import c from './a9.ts'
import b from './a10.ts'
