import './setup.ts'
import a from 'a'

foo()
