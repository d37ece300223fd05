import a from 'a'
import z from './z.ts'
foo()
