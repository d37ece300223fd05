import { UserError } from '../../errors.ts'
import { holderOfPort, type PortHolder } from '../../system/port-holder.ts'
import { isTaken } from '../../system/ports.ts'

/** @throws a UserError that says who holds the port */
export async function refuseTakenPort(host: string, port: number): Promise<void> {
  if (await isTaken(host, port)) throw await takenBy(host, port)
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
  const who =
    holder === undefined
      ? 'a process that this user may not see'
      : `process ${holder.pid} (${holder.command})`
  return new UserError({
    code: 'PORT_TAKEN',
    message: `Port ${port} of ${host} is taken by ${who}.`,
    hint: `Stop it, or choose another one: --port ${free}`,
  })
}
