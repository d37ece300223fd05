import a from 'a'
import u from './u.ts'
foo()
import z from './z.ts'
