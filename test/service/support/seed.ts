import { randomInt } from 'node:crypto'

/** Where everything random in this run starts from. TEST_SEED repeats a run. */
export const seed = Number(process.env.TEST_SEED ?? randomInt(2 ** 31))
