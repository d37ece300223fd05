import { fork } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

/** What these tests read in a body; which of it is there depends on the question. */
interface Body {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly page: { readonly next: string | null }
}

export interface Answer {
  readonly status: number
  readonly location?: string
  readonly body: Body
}

/** A project that was started by its own entry, without a port. */
export interface Client {
  ask(question: string, payload?: object): Promise<Answer>
  close(): Promise<void>
}

const preload = new URL('resource-preload.mjs', import.meta.url).href

/** Starts a project in its root, TypeScript under tsx, and asks it one question after the other. */
export function clientOf(root: string, entry: string): Client {
  const loaders = entry.endsWith('.ts') ? [import.meta.resolve('tsx'), preload] : [preload]
  const child = fork(entry, {
    cwd: root,
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR },
    execArgv: loaders.flatMap((loader) => ['--import', loader]),
    silent: true,
  })
  const output = [child.stdout, child.stderr].map((stream) => (stream ? text(stream) : ''))
  const ended = once(child, 'close').then(async () => {
    throw new Error(`${entry} ended\n${(await Promise.all(output)).join('')}`)
  })
  ended.catch(() => {})
  return {
    async ask(question, payload) {
      const [method, url] = question.split(' ')
      child.send({ method, url, ...(payload === undefined ? {} : { payload }) })
      return Promise.race([ended, nextAnswer(child)])
    },
    async close() {
      child.kill()
      await ended.catch(() => {})
    },
  }
}

/** The loader sends messages of its own. */
async function nextAnswer(child: ReturnType<typeof fork>): Promise<Answer> {
  for (;;) {
    const [message] = await once(child, 'message')
    if (message?.answer !== undefined) return message.answer
  }
}
