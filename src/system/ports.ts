import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { errorCode } from './error-code.ts'

/** Whether somebody else listens there; false too where the system refuses for another reason. */
export function isTaken(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(errorCode(error) === 'EADDRINUSE'))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(false)))
  })
}

/** An address under which other machines reach this one; nothing where it has none. */
export function networkAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  return addresses.find(({ family, internal }) => family === 'IPv4' && !internal)?.address
}
