import z from 'z'
import a from 'a'
import u from './u.ts'
