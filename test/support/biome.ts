import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { temporaryFolder } from './tree.ts'

const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome')

/** The settings of a produced service. */
const settings = {
  formatter: { indentStyle: 'space', indentWidth: 2, lineWidth: 100 },
  javascript: {
    formatter: { quoteStyle: 'single', semicolons: 'asNeeded', trailingCommas: 'all' },
  },
  linter: { rules: { preset: 'recommended', suspicious: { noExplicitAny: 'error' } } },
}

/** A new folder in which Biome checks as in a produced service. */
export function biomeFolder(): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'biome.json'), `${JSON.stringify(settings)}\n`)
  return folder
}

/** What Biome says of format and lint of the paths in a folder; nothing where all is well. */
export function complaintsOfBiome(folder: string, paths: readonly string[]): string {
  const words = ['check', '--linter-enabled=true', '--error-on-warnings', ...paths]
  const { status, stdout, stderr } = spawnSync(process.execPath, [biome, ...words], {
    cwd: folder,
    encoding: 'utf8',
  })
  return status === 0 ? '' : stdout + stderr
}
