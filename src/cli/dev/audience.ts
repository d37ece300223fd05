import type { Audience } from '../../dev/serve/service.ts'
import type { Session } from '../session.ts'

/** Serving is shown on stderr: stdout is the server's. */
export function audienceOf({ io, quiet, colors: { err } }: Session): Audience {
  return {
    env: io.env,
    isColored: err.level > 0,
    say(line) {
      if (!quiet) io.err(`${err.dim(line)}\n`)
    },
    complain: (text) => io.err(`${text}\n`),
  }
}
