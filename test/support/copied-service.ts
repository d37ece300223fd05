import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import { temporaryFolder } from './tree.ts'

/** A copy of the installed service; its packages are links to the same bytes. */
export function copiedService(root: string = inject('service').root): string {
  const packages = join(root, 'node_modules')
  const copy = join(temporaryFolder(), 'my-app')
  cpSync(root, copy, { recursive: true, filter: (path) => path !== packages })
  execFileSync('cp', ['-RlP', packages, copy])
  return copy
}
