import type { Io } from '../model/io.ts'

/** Makes a commander action of a function that gives an exit code. */
export type Run = <A extends unknown[]>(
  action: (io: Io, ...args: A) => Promise<number>,
) => (...args: A) => Promise<void>
