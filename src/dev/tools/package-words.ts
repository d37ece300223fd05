import type { Command } from '../../model/plan.ts'
import type { Facts } from '../facts.ts'

const adding = {
  npm: 'npm install --save-dev',
  pnpm: 'pnpm add -D',
  yarn: 'yarn add -D',
  bun: 'bun add -d',
} as const

/** What to type to get a tool. */
export function addingCommand({ packageManager }: Facts, dependency: string): string {
  return `${adding[packageManager]} ${dependency}`
}

/** Runs a script of package.json with more words at its end. */
export function scriptCommand(
  { packageManager, root }: Facts,
  name: string,
  more: readonly string[],
): Command {
  // The others pass on every argument after the name.
  const separator = packageManager === 'npm' && more.length > 0 ? ['--'] : []
  const args = ['run', '--silent', name, ...separator, ...more]
  return { program: packageManager, args, cwd: root }
}
