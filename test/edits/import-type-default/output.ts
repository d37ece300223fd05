import a from 'a'
import type T from './t.ts'
