/** Timers of Node cannot wait longer: 2^31 - 1 milliseconds, almost 25 days. */
const longest = 2_147_483_647

/** @throws {RangeError} unless `value` is a whole number of at least `minimum` */
export function wholeNumber(name: string, value: number, minimum: number): number {
  if (Number.isSafeInteger(value) && value >= minimum) return value
  throw new RangeError(`${name} is ${value}; expected a whole number of at least ${minimum}`)
}

/** @throws {RangeError} unless `value` is a time in milliseconds that a timer can wait */
export function milliseconds(name: string, value: number, minimum = 0): number {
  if (value >= minimum && value <= longest) return value
  throw new RangeError(`${name} is ${value}; expected ${minimum} to ${longest} milliseconds`)
}
