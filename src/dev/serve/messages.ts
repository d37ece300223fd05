import { addressLines } from './addresses.ts'
import type { ServeSettings } from './settings.ts'
import type { ServeMessages } from './stage.ts'

/** Where messages go, each whole and at once, so that no line of the server's log cuts into one. */
export interface Speaker {
  /** How it goes. */
  say(text: string): void
  /** What is wrong. */
  complain(text: string): void
}

/** Tells on the terminal how serving goes. */
export function serveMessages(
  { say, complain }: Speaker,
  settings: () => ServeSettings,
  now: () => number,
  networkAddress: () => string | undefined,
): ServeMessages {
  return {
    serving: (address) => say(addressLines(address, settings(), networkAddress()).join('\n')),
    reloaded: (since, files) =>
      say(`${changedText(files)}reloaded in ${((now() - since) / 1000).toFixed(1)} s`),
    draining: (isReload) =>
      say(
        isReload
          ? 'waiting for open requests before the reload'
          : 'waiting for open requests; Ctrl-C again ends them',
      ),
    broken: (problems, isServing) =>
      complain(
        `${problems}\n${isServing ? 'Still serving the last version that compiled.' : 'Waiting for a change.'}`,
      ),
    fixed: () => say('compiles again; serving the current source'),
    crashed: (code) => complain(`The server exited with code ${code}. Waiting for a change.`),
  }
}

/** `src/app.ts changed: `; of many files the first, and how many more. */
function changedText([first, ...more]: readonly string[]): string {
  if (first === undefined) return ''
  return `${first}${more.length === 0 ? '' : ` and ${more.length} more`} changed: `
}
