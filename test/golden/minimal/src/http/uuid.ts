import { randomUUID } from 'node:crypto'

let lastTime = 0
let counter = 0
/** `lastTime` as it stands in an identifier. */
let prefix = ''

/**
 * A new UUID of version 7: 48 bits of Unix milliseconds, a 12-bit counter, 62 random bits. Those
 * made by one process sort in the order in which they were made.
 *
 * @see RFC 9562, sections 5.7 and 6.2 (method 1)
 */
export function uuidv7(): string {
  const random = randomUUID()
  const now = Date.now()
  if (now > lastTime || counter === 0xfff) {
    lastTime = Math.max(now, lastTime + 1)
    const hex = lastTime.toString(16).padStart(12, '0')
    prefix = `${hex.slice(0, 8)}-${hex.slice(8)}-7`
    // Half of the range stays free for the rest of this millisecond.
    counter = Number.parseInt(random.slice(0, 3), 16) & 0x7ff
  } else {
    counter += 1
  }
  // The last two groups of a UUID of version 4 are the variant and random bits, as in version 7.
  return prefix + counter.toString(16).padStart(3, '0') + random.slice(18)
}
