import z from './z.ts'
