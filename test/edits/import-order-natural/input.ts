import a from './a2.ts'
import b from './a10.ts'
