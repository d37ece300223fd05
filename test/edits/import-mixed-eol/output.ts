import a from 'a'
import u from './u.ts'
import z from './z.ts'
foo()
