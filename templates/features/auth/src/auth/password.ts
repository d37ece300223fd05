import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** What one hash costs: memory is 128 · r · 2^logN bytes, time grows with `p`. */
export interface Cost {
  logN: number
  r: number
  p: number
}

const saltBytes = 16
const hashBytes = 32

/** OWASP's pairs of equal strength; above the first of them one pass is enough. */
const passes: Record<number, number> = { 16: 2, 15: 3, 14: 5, 13: 10 }

/**
 * The cost for a size of memory.
 * @see https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
 */
export function costOf(logN: number): Cost {
  return { logN, r: 8, p: passes[logN] ?? 1 }
}

/** Hashes a password, as `$scrypt$ln=17,r=8,p=1$<salt>$<hash>` (the PHC string format). */
export async function hashPassword(password: string, cost: Cost): Promise<string> {
  const salt = randomBytes(saltBytes)
  const hash = await derive(password, salt, cost)
  return `$scrypt$ln=${cost.logN},r=${cost.r},p=${cost.p}$${encode(salt)}$${encode(hash)}`
}

/**
 * Whether the password is the one that was hashed. Without a hash it is not, and finding that out
 * takes as long: nobody shall learn from the clock which accounts there are.
 *
 * @throws when the hash cannot be read
 */
export async function verifyPassword(
  password: string,
  encoded: string | null,
  cost: Cost,
): Promise<boolean> {
  if (encoded === null) {
    await derive(password, randomBytes(saltBytes), cost)
    return false
  }
  const { salt, hash, ...used } = parse(encoded)
  return timingSafeEqual(await derive(password, salt, used), hash)
}

/** Whether the hash was made at another cost than it would be now. */
export function isOutdated(encoded: string, cost: Cost): boolean {
  const { logN, r, p } = parse(encoded)
  return logN !== cost.logN || r !== cost.r || p !== cost.p
}

function parse(encoded: string): Cost & { salt: Buffer; hash: Buffer } {
  const match = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]{43})$/.exec(encoded)
  if (match === null) throw new Error('A password hash has an unknown form.')
  const [, logN, r, p, salt = '', hash = ''] = match
  return {
    logN: Number(logN),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  }
}

function derive(password: string, salt: Buffer, { logN, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** logN
  // Two keyboards may write the same letter as different code points.
  const text = password.normalize('NFKC')
  const maxmem = 128 * r * (N + p + 2)
  return new Promise((resolve, reject) => {
    scrypt(text, salt, hashBytes, { N, r, p, maxmem }, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
