import { join } from 'node:path'
import { readTextIfAny } from '../../system/files.ts'
import { sha256 } from '../../system/hash.ts'
import { importReader } from '../../system/module-imports.ts'
import { realPlace } from '../../system/places.ts'
import type { Held } from '../../system/server-bootstrap.ts'
import type { HeldProcess, ServerProcess } from '../../system/server-process.ts'
import { stampOf } from '../../system/stamp.ts'
import { type Imports, type Preload, preloadOf, stillFits } from './preload.ts'

/** What a waiting process may have read, or what decides what its packages are. */
export const settled = [
  '.env',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
  '.npmrc',
]

interface Waiting {
  readonly process: HeldProcess
  readonly preload: Preload
  readonly print: string
}

/**
 * Keeps one process ready to become the next server. It has loaded packages alone, and is used only
 * where a new process would load the very same ones.
 */
export class Standby {
  readonly #root: string
  readonly #hold: (held: Held) => HeldProcess
  #waiting: Waiting | undefined
  #isOff = false
  /** Grows whenever what was prepared until then has become useless. */
  #turn = 0
  #imports: Imports | undefined

  constructor(root: string, hold: (held: Held) => HeldProcess) {
    this.#root = realPlace(root)
    this.#hold = hold
  }

  /** Starts a process that loads what a running server has loaded. */
  async prepare(server: Pick<ServerProcess, 'loaded'>): Promise<void> {
    const turn = this.#turn
    if (this.#isOff || this.#waiting !== undefined) return
    const imports = this.#imports ?? (await remembered())
    this.#imports = imports
    const loaded = await server.loaded()
    if (turn !== this.#turn || this.#waiting !== undefined) return
    const preload = preloadOf(this.#root, loaded, imports)
    if (preload === undefined || preload.packages.length === 0) return
    const print = this.#print(preload)
    const file = join(this.#root, 'dist/server.js')
    const process = this.#hold({ file, ...preload })
    const waiting = { process, preload, print }
    this.#waiting = waiting
    const gone = () => {
      if (this.#waiting !== waiting) return
      // It would end again, or there isn't enough memory.
      this.#isOff = true
      this.#waiting = undefined
    }
    process.ended.then(gone, gone)
  }

  /** Ends what waits where it is not what a new process would become, after a compilation. */
  check(): void {
    this.#turn += 1
    const [waiting, imports] = [this.#waiting, this.#imports]
    if (waiting === undefined || imports === undefined) return
    const { preload, print } = waiting
    const fits = this.#print(preload) === print && stillFits(this.#root, preload.packages, imports)
    if (!fits) this.#take()?.discard()
  }

  /** Lets what waits go on, if anything does. */
  start(port?: number): ServerProcess | undefined {
    return this.#take()?.start(port)
  }

  /** Ends what waits, for good. */
  async close(): Promise<void> {
    this.#isOff = true
    const process = this.#take()
    process?.discard()
    await process?.ended.catch(() => {})
  }

  #take(): HeldProcess | undefined {
    this.#turn += 1
    const process = this.#waiting?.process
    this.#waiting = undefined
    return process
  }

  #print({ folders }: Preload): string {
    const texts = settled.map((name) => readTextIfAny(join(this.#root, name)) ?? '')
    return sha256([...texts, stampOf(folders)].join('\0'))
  }
}

async function remembered(): Promise<Imports> {
  const read = await importReader()
  const known = new Map<string, { text: string; imports: ReturnType<typeof read> }>()
  return (path, text) => {
    const before = known.get(path)
    if (before?.text === text) return before.imports
    const imports = read(text)
    known.set(path, { text, imports })
    return imports
  }
}
