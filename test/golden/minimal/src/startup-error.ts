import { formatError } from './observability/error-serializer.ts'

/** The service can't start, and the message says what to change; a stack would add nothing. */
export class StartupError extends Error {
  override readonly name: string = this.constructor.name
}

type ListenError = NodeJS.ErrnoException & { address?: string; hostname?: string; port?: number }

/** Why the service didn't start: what to change where that is known, otherwise the stack. */
export function explainStartup(error: unknown): string {
  if (error instanceof StartupError) return error.message
  return (error instanceof Error && explainListen(error)) || formatError(error)
}

function explainListen(error: ListenError): string | undefined {
  const { code, syscall, port, address, hostname } = error
  if (syscall === 'getaddrinfo') {
    return `The host name ${hostname} can't be resolved. Check the setting that names it.`
  }
  if (syscall !== 'listen') return undefined
  const cannotListen = `This machine can't listen on ${address}. Set HOST to one of its addresses.`
  const advice: Record<string, string> = {
    EADDRINUSE: `Port ${port} of ${address} is in use. Stop the process that listens there, or set PORT.`,
    EADDRNOTAVAIL: cannotListen,
    EINVAL: cannotListen,
    EACCES: `Port ${port} needs more rights. Set PORT to one above 1023.`,
  }
  return advice[code ?? '']
}
