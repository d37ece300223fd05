import { codeOfSignal } from '../../system/exit-code.ts'
import type { ServerProcess } from '../../system/server-process.ts'
import type { Stage } from './stage.ts'

/** After this many ms a drain is worth a line. */
const slow = 1000

/** After this many ms without a change the next start is prepared, so that first requests aren't slowed. */
const quiet = 400

interface Server {
  readonly process: ServerProcess
  readonly print: string
  /** Whose change made it start, relative to the root. */
  readonly files: readonly string[]
  isReady: boolean
  /** It was asked to end. */
  isEnding: boolean
}

/**
 * Runs one server, and another one after each change that compiles: never two, as they would share a
 * port and, with PGlite, a data folder.
 */
export class Reloader {
  readonly #stage: Stage
  readonly #reloads: boolean
  readonly #compiling = new AbortController()
  #server: Server | undefined
  #changedAt: number | undefined
  /** Files that have changed since the server started, relative to the root. */
  readonly #changed = new Set<string>()
  #hasServed = false
  #isBroken = false
  /** Whether it compiles, or replaces the server. */
  #isBusy = false
  #stopSignal: NodeJS.Signals | undefined
  #stops = 0
  /** Of the last server that ended. */
  #code: number | undefined
  #isOver = false
  #wake = (): void => {}

  constructor(stage: Stage, reloads: boolean) {
    this.#stage = stage
    this.#reloads = reloads
  }

  /** Serves until the server ends well or is stopped; gives the exit code. */
  async run(): Promise<number> {
    this.changed(0)
    while (await this.#isChanged()) {
      const since = this.#changedAt ?? 0
      this.#changedAt = undefined
      this.#isBusy = true
      if (await this.#compiles()) await this.#replace(since)
      this.#isBusy = false
      this.#prepareSoon()
      // A change came in between: the time until it is served counts from the first one.
      if (this.#changedAt !== undefined) this.#changedAt = since
      if (!this.#reloads && this.#server === undefined) this.#isOver = true
    }
    await this.#server?.process.ended
    return this.#code ?? (this.#stopSignal === undefined ? 1 : codeOfSignal(this.#stopSignal))
  }

  /** Files, relative to the root, were changed, the first at that time. */
  changed(at: number, files: readonly string[] = []): void {
    this.#changedAt ??= at
    for (const file of files) this.#changed.add(file)
    this.#wake()
  }

  /** Ends: the first time as the server does, the second time as the signal does, the third at once. */
  stop(signal: NodeJS.Signals): void {
    this.#stops += 1
    this.#stopSignal ??= signal
    this.#compiling.abort()
    this.#stage.close()
    const server = this.#server
    if (this.#stops > 1) server?.process.kill(this.#stops === 2 ? signal : 'SIGKILL')
    else if (server !== undefined) {
      server.process.stop(signal)
      this.#announceDrain(server, false)
    }
    this.#wake()
  }

  async #isChanged(): Promise<boolean> {
    while (this.#changedAt === undefined && !this.#isStopping) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return !this.#isStopping
  }

  get #isStopping(): boolean {
    return this.#isOver || this.#stopSignal !== undefined
  }

  async #compiles(): Promise<boolean> {
    const problems = await this.#stage.compile(this.#compiling.signal)
    if (this.#isStopping || this.#changedAt !== undefined) return false
    const wasBroken = this.#isBroken
    this.#isBroken = problems !== undefined
    if (problems === undefined) {
      if (wasBroken && this.#server?.print === this.#stage.fingerprint()) this.#stage.say.fixed()
      return true
    }
    this.#stage.say.broken(problems, this.#server !== undefined)
    return false
  }

  async #replace(since: number): Promise<void> {
    const print = this.#stage.fingerprint()
    if (this.#server?.print === print) return this.#changed.clear()
    const drained = this.#drain()
    this.#stage.check()
    await drained
    if (!this.#isStopping && this.#changedAt === undefined) this.#start(print, since)
  }

  async #drain(): Promise<void> {
    const server = this.#server
    if (server === undefined) return
    server.isEnding = true
    server.process.drain()
    this.#announceDrain(server, true)
    await server.process.ended
  }

  #announceDrain({ process }: Server, isReload: boolean): void {
    const timer = setTimeout(() => this.#stage.say.draining(isReload), slow)
    const cancel = () => clearTimeout(timer)
    process.ended.then(cancel, cancel)
  }

  #start(print: string, since: number): void {
    const process = this.#stage.start()
    const files = [...this.#changed]
    this.#changed.clear()
    const server = { process, print, files, isReady: false, isEnding: false }
    this.#server = server
    process.ended.then(
      (code) => this.#ended(server, code),
      () => this.#ended(server, 1),
    )
    void this.#greet(server, since)
  }

  async #greet(server: Server, since: number): Promise<void> {
    const address = await server.process.listening
    if (address === undefined) return
    server.isReady = true
    if (server.isEnding || this.#isStopping) return
    if (this.#hasServed) this.#stage.say.reloaded(since, server.files)
    else this.#stage.say.serving(address)
    this.#hasServed = true
    this.#prepareSoon()
  }

  #prepareSoon(): void {
    const server = this.#server
    if (!this.#reloads || !server?.isReady) return
    const prepare = () => {
      const isQuiet = this.#server === server && !this.#isBusy && this.#changedAt === undefined
      if (isQuiet && !server.isEnding && !this.#isStopping) this.#stage.prepare(server.process)
    }
    setTimeout(prepare, quiet).unref()
  }

  #ended(server: Server, code: number): void {
    this.#server = undefined
    // A stop while it starts isn't a failure of the servers before it.
    const wasStarting = !server.isReady && (server.isEnding || this.#stopSignal !== undefined)
    if (!(wasStarting && code > 128 && this.#code !== undefined)) this.#code = code
    if (!server.isEnding && this.#stopSignal === undefined) {
      if (code === 0 || !this.#reloads) this.#isOver = true
      else this.#stage.say.crashed(code)
    }
    this.#wake()
  }
}
