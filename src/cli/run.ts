import type { Io } from '../model/io.ts'

/** Turns a function that gives an exit code into a commander action. */
export type Run = <A extends unknown[]>(
  action: (io: Io, ...args: A) => Promise<number>,
) => (...args: A) => Promise<void>
