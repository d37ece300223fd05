import type { Command } from '../model/plan.ts'
import type { PackageManager } from '../model/project.ts'

/** `npm run`, `pnpm run`, …: what stands before the name of a script. */
export function runWords(manager: PackageManager): string {
  return `${manager} run`
}

/** What stands before `dev serve` to run this program as the project has it installed. */
export function toolWords(manager: PackageManager): string {
  const runners = { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn', bun: 'bunx' } as const
  return `${runners[manager]} create-service`
}

/** Installs what package.json asks for. */
export function installCommand(manager: PackageManager, root: string): Command {
  return { program: manager, args: ['install'], cwd: root }
}

/** The package manager that started this program, by the variable that all of them set. */
export function callingManager(userAgent: string | undefined): PackageManager {
  const name = userAgent?.split('/')[0]
  return name === 'pnpm' || name === 'yarn' || name === 'bun' ? name : 'npm'
}
