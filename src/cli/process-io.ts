import type { Io } from '../model/io.ts'

/** The real process. */
export function processIo(): Io {
  const { env, stdin, stdout, stderr } = process
  const isCi = (env.CI ?? '') !== '' && env.CI !== 'false'
  const isDumb = env.TERM === 'dumb'
  const mayColor = (env.NO_COLOR ?? '') === '' && !isDumb
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe)
  return {
    cwd: process.cwd(),
    env,
    interactive: stdin.isTTY === true && stdout.isTTY === true && !isCi,
    color: { out: mayColor && stdout.isTTY === true, err: mayColor && stderr.isTTY === true },
    // They change with the window.
    get columns() {
      return columnsOf(stdout)
    },
    get liveColumns() {
      return isCi || isDumb ? undefined : columnsOf(stderr)
    },
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    now: () => new Date(),
  }
}

/** A terminal that doesn't know its width, as in some containers, counts as 80 columns wide. */
function columnsOf(stream: NodeJS.WriteStream): number | undefined {
  return stream.isTTY === true ? stream.columns || 80 : undefined
}

/** The reader may stop, as `head` does, or close the terminal; the command still finishes. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
}
