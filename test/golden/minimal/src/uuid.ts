import { randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(10 * 256)
let used = pool.length
let lastTime = 0
let counter = 0

/**
 * A new UUID of version 7: 48 bits of Unix milliseconds, a 12-bit counter, 62 random bits. Those
 * made by one process sort in the order in which they were made.
 *
 * @see RFC 9562, sections 5.7 and 6.2 (method 1)
 */
export function uuidv7(): string {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = pool.subarray(used, used + 10)
  used += 10
  tick(bytes.readUInt16BE(0))
  const time = lastTime.toString(16).padStart(12, '0')
  const sequence = counter.toString(16).padStart(3, '0')
  const variant = (0x8000 | (bytes.readUInt16BE(2) & 0x3fff)).toString(16)
  const random = bytes.toString('hex', 4, 10)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence}-${variant}-${random}`
}

/** Moves on to the present millisecond, or counts within the last one. */
function tick(random: number): void {
  const now = Date.now()
  if (now > lastTime) {
    lastTime = now
    // Half of the range stays free for the rest of this millisecond.
    counter = random & 0x7ff
  } else if (counter < 0xfff) {
    counter += 1
  } else {
    lastTime += 1
    counter = random & 0x7ff
  }
}
