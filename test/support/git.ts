import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { temporaryFolder } from './tree.ts'

/** Lets git see no settings but these, until the environment is put back. */
export function useGitSettings(settings: string): void {
  const file = join(temporaryFolder(), 'gitconfig')
  writeFileSync(file, settings)
  vi.stubEnv('GIT_CONFIG_GLOBAL', file)
  vi.stubEnv('GIT_CONFIG_SYSTEM', '/dev/null')
}

export const identity = '[user]\n  name = Somebody\n  email = somebody@example.com\n'

export function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
