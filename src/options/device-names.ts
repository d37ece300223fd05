import { usageError } from '../errors.ts'

const devices = /^(con|prn|aux|nul|(com|lpt)[0-9])$/

/**
 * Refuses words that begin the name of a file and that Windows reads as a device, whatever ending
 * follows: `aux.routes.ts` cannot be checked out there.
 * @throws {UserError} that names the first of them
 */
export function refuseDevices(words: readonly string[], what: string): void {
  const device = words.find((word) => devices.test(word))
  if (device === undefined) return
  throw usageError(
    `"${device}" is a device on Windows, so a file can't have that name.`,
    `Choose another name, for example ${device}-${what}.`,
  )
}
