import { main } from '../../src/cli/main.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** The moment at which every test runs, unless it says another. */
export const frozen = new Date('2026-03-04T05:06:07Z')

/** Runs one command line in this process, without a terminal. */
export async function run(
  cwd: string,
  argv: readonly string[],
  settings: { readonly now?: Date; readonly env?: Record<string, string> } = {},
): Promise<Ran> {
  let out = ''
  let err = ''
  const code = await main(argv, {
    cwd,
    env: settings.env ?? {},
    interactive: false,
    color: { out: false, err: false },
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    now: () => settings.now ?? frozen,
  })
  return { code, out, err }
}

/** Runs a command that has to succeed. */
export async function ran(
  cwd: string,
  argv: readonly string[],
  settings: { readonly now?: Date; readonly env?: Record<string, string> } = {},
): Promise<Ran> {
  const result = await run(cwd, argv, settings)
  if (result.code !== 0) {
    throw new Error(`${argv.join(' ')} ended with ${result.code}\n${result.out}${result.err}`)
  }
  return result
}
