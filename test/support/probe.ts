import { fork } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { text } from 'node:stream/consumers'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** What one Fastify instance of a project says about itself. */
export interface Probed {
  /** By the question, for example `GET /health`. */
  readonly answers: Readonly<Record<string, Answer>>
  /** The tree of its plugins. */
  readonly plugins: string
  /** The tree of what answers GET, each route with its hooks. */
  readonly routes: string
}

const preload = new URL('probe-preload.mjs', import.meta.url).href

/**
 * Starts a project by its own entry, but with no port, and asks each Fastify instance that was
 * made. TypeScript runs under tsx, JavaScript as it is.
 *
 * @returns one entry an instance, in the order in which they were made
 */
export async function probe(
  entry: string,
  questions: readonly string[],
  isRetry = false,
): Promise<readonly Probed[]> {
  const loaders = /\.m?ts$/.test(entry) ? [import.meta.resolve('tsx'), preload] : [preload]
  const child = fork(entry, questions, {
    cwd: dirname(entry),
    // Nothing of the test runner: some packages behave differently where they see one. Autoload
    // knows tsx only by its own program, so it has to be told.
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, FASTIFY_AUTOLOAD_TYPESCRIPT: 'yes' },
    execArgv: loaders.flatMap((loader) => ['--import', loader]),
    silent: true,
    timeout: 60_000,
  })
  let probed: readonly Probed[] | undefined
  child.on('message', (message: { probed?: readonly Probed[] }) => {
    // The loader sends messages of its own.
    probed ??= message.probed
  })
  const output = [child.stdout, child.stderr].map((stream) => (stream ? text(stream) : ''))
  const [code, signal] = await once(child, 'close')
  if (probed !== undefined && code === 0) return probed
  // On a busy machine it happens, rarely, that the loader of tsx keeps its process from ending.
  if (signal === 'SIGTERM' && !isRetry) return probe(entry, questions, true)
  const said = (await Promise.all(output)).join('')
  throw new Error(`${entry} ended with ${code ?? signal}\n${said}`)
}
