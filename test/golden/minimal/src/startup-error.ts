/** The service cannot start, and the message says what to change; a stack would add nothing. */
export class StartupError extends Error {
  constructor(message: string, options?: { cause: unknown }) {
    super(message, options)
    this.name = new.target.name
  }
}

/** Why the service did not start, in the words of the person who has to change something. */
export function explainStartup(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof StartupError) return error.message
  const { code, port, address } = error as ListenError
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} of ${address} is in use. Stop what listens there, or set PORT.`
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${address}. Set HOST.`
    case 'EACCES':
      return `Port ${port} needs more rights. Set PORT to one above 1023.`
    default:
      return error.stack ?? error.message
  }
}

interface ListenError extends NodeJS.ErrnoException {
  address?: string
  port?: number
}
