import { addressLines } from './addresses.ts'
import type { ServeSettings } from './settings.ts'
import type { Sayings } from './stage.ts'

/** Says on the terminal how serving goes. */
export function sayings(
  say: (line: string) => void,
  complain: (text: string) => void,
  settings: () => ServeSettings,
  now: () => number,
  networkAddress: () => string | undefined,
): Sayings {
  return {
    serving(address) {
      for (const line of addressLines(address, settings(), networkAddress())) say(line)
    },
    reloaded: (since) => say(`reloaded in ${((now() - since) / 1000).toFixed(1)} s`),
    draining: (isReload) =>
      say(
        isReload
          ? 'waiting for open requests before the reload'
          : 'waiting for open requests; Ctrl-C again ends them',
      ),
    broken(problems, isServing) {
      complain(problems)
      complain(isServing ? 'the server before this change goes on' : 'waiting for a change')
    },
    mended: () => say('the source compiles again, and is what is served'),
    crashed: (code) => complain(`the server ended with exit code ${code}; waiting for a change`),
  }
}
