import { randomFillSync } from 'node:crypto'

/** Hexadecimal digits that an identifier takes of the pool; three of them may start the counter. */
const digits = 19
const pool = Buffer.alloc(digits * 128)
let random = ''
let used = 0
let lastTime = 0
let counter = 0
/** The millisecond as it stands in an identifier. */
let time = ''

/**
 * A new UUID of version 7: 48 bits of Unix milliseconds, a 12-bit counter, 62 random bits. Those
 * made by one process sort in the order in which they were made.
 *
 * @see RFC 9562, sections 5.7 and 6.2 (method 1)
 */
export function uuidv7(): string {
  if (used === random.length) {
    random = randomFillSync(pool).toString('hex')
    used = 0
  }
  const start = used
  used += digits
  tick(start)
  const sequence = counter.toString(16).padStart(3, '0')
  const variant = '89ab'[Number.parseInt(random[start + 3] ?? '0', 16) & 3]
  const clock = random.slice(start + 4, start + 7)
  return `${time}-7${sequence}-${variant}${clock}-${random.slice(start + 7, used)}`
}

/** Moves on to the present millisecond, or counts within the last one. */
function tick(start: number): void {
  const now = Date.now()
  if (now <= lastTime && counter < 0xfff) {
    counter += 1
    return
  }
  lastTime = Math.max(now, lastTime + 1)
  const hex = lastTime.toString(16).padStart(12, '0')
  time = `${hex.slice(0, 8)}-${hex.slice(8)}`
  // Half of the range stays free for the rest of this millisecond.
  counter = Number.parseInt(random.slice(start, start + 3), 16) & 0x7ff
}
