import type { Io } from '../model/io.ts'

/** The real process. */
export function processIo(): Io {
  const { env, stdin, stdout, stderr } = process
  const isCi = (env.CI ?? '') !== '' && env.CI !== 'false'
  const mayColor = (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe)
  return {
    cwd: process.cwd(),
    env,
    interactive: stdin.isTTY === true && stdout.isTTY === true && !isCi,
    color: { out: mayColor && stdout.isTTY === true, err: mayColor && stderr.isTTY === true },
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    now: () => new Date(),
  }
}

/** Who reads may stop, as `head` does; what is under way is finished all the same. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
