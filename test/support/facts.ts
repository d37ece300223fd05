import { join } from 'node:path'
import type { Facts, Level } from '../../src/dev/facts.ts'
import type { Package } from '../../src/project/package.ts'

/** A folder of a project that stands nowhere, in short. */
interface LevelText extends Omit<Package, 'packageManager'> {
  /** Names of packages among its devDependencies. */
  readonly dev?: string
  /** Names of files and folders in it. */
  readonly names?: string
}

interface FactsText extends LevelText, Partial<Pick<Facts, 'packageManager' | 'isSolution'>> {
  /** Files of the project. */
  readonly sources?: string
  /** The folders above it, the nearest first. */
  readonly above?: readonly LevelText[]
}

export const root = '/work/space/app'

/** The facts of a project that somebody else has made. */
export function foreignFacts(text: FactsText = {}): Facts {
  const { sources = '', above = [], packageManager = 'npm', isSolution = false } = text
  return {
    root,
    isService: false,
    features: [],
    packageManager,
    isSolution,
    sources: words(sources),
    levels: [
      levelOf(root, text),
      ...above.map((one, at) => levelOf(join(root, '../'.repeat(at + 1), '.'), one)),
    ],
  }
}

/** The facts of a project that this program has made. */
export function serviceFacts(text: FactsText = {}): Facts {
  const dev = '@biomejs/biome typescript vitest @vitest/coverage-v8 tsx'
  const scripts = {
    test: 'vitest run --project default',
    lint: 'biome check --formatter-enabled=false --error-on-warnings',
    format: 'biome check --linter-enabled=false --write',
    'format:check': 'biome format',
    typecheck: 'tsc',
  }
  const names = 'biome.json package.json tsconfig.json vitest.config.ts'
  return { ...foreignFacts({ dev, scripts, names, ...text }), isService: true }
}

function levelOf(folder: string, { dev = '', names = '', ...own }: LevelText): Level {
  const ranges = words(dev).map((name) => {
    const at = name.lastIndexOf('@')
    return at > 0 ? [name.slice(0, at), name.slice(at + 1)] : [name, '*']
  })
  return {
    folder: folder.replace(/\/$/, ''),
    package: { devDependencies: Object.fromEntries(ranges), ...own },
    names: words(names),
  }
}

/** What is written with spaces between. */
export function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}
