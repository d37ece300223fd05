// Header.
// @ts-expect-error no types
import z from './z.ts'
