import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Whether programs can be given a terminal here: by `script` of util-linux. */
export const hasTerminals =
  process.platform === 'linux' && spawnSync('script', ['--version']).status === 0

/** A program that has a terminal of its own. */
export class Terminal {
  readonly #cwd: string
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown[]>
  /** Everything that the terminal was told, with its control characters. */
  output = ''

  constructor(cwd: string, words: readonly string[], columns: number, env: NodeJS.ProcessEnv) {
    this.#cwd = cwd
    const quoted = words.map((word) => `'${word}'`).join(' ')
    // Without the trap, dash ends at Ctrl-C with the program and tells no exit code.
    const line = `trap : INT; stty cols ${columns} rows 30; ${quoted}; echo "exit code $?"; stty -a`
    this.#child = spawn('script', ['-qfec', line, '/dev/null'], {
      cwd,
      env: { ...process.env, TERM: 'xterm-256color', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#ended = once(this.#child, 'close')
    this.#child.stdout?.on('data', (chunk) => {
      this.output += chunk
    })
  }

  /** Waits until the terminal shows a text. */
  async shows(text: string | RegExp, seconds = 120): Promise<void> {
    const isThere = () =>
      typeof text === 'string' ? this.output.includes(text) : text.test(this.output)
    for (const until = Date.now() + seconds * 1000; !isThere(); await sleep(20)) {
      if (Date.now() > until || this.#child.exitCode !== null) {
        throw new Error(`${text} is not shown\n${this.output}`)
      }
    }
  }

  /** Presses keys; Ctrl-C is \x03. */
  press(keys: string): void {
    this.#child.stdin?.write(keys)
  }

  /** Ends what still runs in it, which is nothing after a test that has passed. */
  async close(): Promise<void> {
    spawnSync('kill', ['-9', ...processesOf(this.#cwd).map(({ pid }) => `${pid}`)])
    this.#child.kill('SIGHUP')
    await this.#ended
  }

  /** Waits for the end, and gives the exit code of the program. */
  async end(): Promise<number> {
    await this.#ended
    return Number(/exit code (\d+)/.exec(this.output)?.[1])
  }
}

/** The processes that work in a folder, less the shell of a terminal. */
export function processesOf(folder: string): readonly { pid: number; line: string }[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const isThere = /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder)
      const words = isThere ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0') : ['']
      if (['', 'script', 'sh'].includes(words[0] ?? '')) return []
      return [{ pid: Number(pid), line: words.join(' ') }]
    } catch {
      // It has ended meanwhile.
      return []
    }
  })
}
