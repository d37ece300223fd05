// Header.
import u from './u.ts'
// @ts-expect-error no types
import z from './z.ts'
