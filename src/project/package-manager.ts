import type { Command } from '../model/plan.ts'
import type { PackageManager, Project } from '../model/project.ts'

/** `npm run`, `pnpm run`, …: what stands before the name of a script. */
export function runWords(manager: PackageManager): string {
  return `${manager} run`
}

/** `npx`, `pnpm exec`, …: what runs a program that the project has installed. */
export function runner(manager: PackageManager): string {
  return { npm: 'npx', pnpm: 'pnpm exec', yarn: 'yarn', bun: 'bunx' }[manager]
}

/** What stands before `dev serve` to run this program as the project has it installed. */
export function toolWords(manager: PackageManager): string {
  return `${runner(manager)} create-service`
}

/** The package manager that a project uses. */
export function managerOf({ kind, manifest }: Project): PackageManager {
  return kind === 'service' ? manifest.answers.packageManager : manifest.packageManager
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
