import { UserError } from '../../errors.ts'
import { holderOfPort, type PortHolder } from '../../system/port-holder.ts'
import { isTaken } from '../../system/ports.ts'
import { type ServeSettings, settingsOf } from './settings.ts'

type Env = Readonly<Record<string, string | undefined>>

/** @throws a UserError that says who holds the port */
export async function refuseTakenPort(host: string, port: number): Promise<void> {
  if (await isTaken(host, port)) throw await takenBy(host, port)
}

/**
 * Refuses a port that a flag or the environment names for a service that isn't there yet.
 * @throws a UserError that says who holds the port
 */
export async function refuseNamedPort(asked: string | undefined, env: Env): Promise<void> {
  const { host = '127.0.0.1', port } = settingsOf(
    asked === undefined ? env : { ...env, PORT: asked },
  )
  if (port !== undefined) await refuseTakenPort(host, port)
}

/** A port to serve on instead of the usual one, and why. */
export interface Detour {
  readonly port: number
  readonly message: string
}

/**
 * The next free port where nobody named one and the usual one is taken; nothing where it is free.
 * @throws a UserError that says who holds a port that was named
 */
export async function detourFor({
  host,
  port,
  usualPort,
}: ServeSettings): Promise<Detour | undefined> {
  if (host === undefined) return undefined
  if (port !== undefined) await refuseTakenPort(host, port)
  if (usualPort === undefined || !(await isTaken(host, usualPort))) return undefined
  const next = await freePortAbove(host, usualPort)
  const holder = nameOf(await holderOfPort(usualPort))
  return { port: next, message: `Port ${usualPort} is taken by ${holder}; using ${next}.` }
}

export async function takenBy(host: string, port: number): Promise<UserError> {
  return portTaken(host, port, await holderOfPort(port), await freePortAbove(host, port))
}

async function freePortAbove(host: string, port: number): Promise<number> {
  const next = port < 65_535 ? port + 1 : 1024
  return (await isTaken(host, next)) ? freePortAbove(host, next) : next
}

export function portTaken(
  host: string,
  port: number,
  holder: PortHolder | undefined,
  free: number,
): UserError {
  return new UserError({
    code: 'PORT_TAKEN',
    message: `Port ${port} on ${host} is taken by ${nameOf(holder)}.`,
    hint: `Stop it, or choose another port: --port ${free}`,
  })
}

function nameOf(holder: PortHolder | undefined): string {
  return holder === undefined
    ? 'a process of another user'
    : `process ${holder.pid} (${holder.command})`
}
