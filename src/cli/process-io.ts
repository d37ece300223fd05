import type { Io } from '../model/io.ts'

/** The real process. */
export function processIo(): Io {
  const { env, stdin, stdout, stderr } = process
  const isCi = (env.CI ?? '') !== '' && env.CI !== 'false'
  const isTerminal = stdout.isTTY === true
  return {
    cwd: process.cwd(),
    env,
    interactive: stdin.isTTY === true && isTerminal && !isCi,
    color: isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb',
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    now: () => new Date(),
  }
}
