import a from 'a'
foo()
import z from './z.ts'
