import { stripVTControlCharacters } from 'node:util'
import type { ToolId } from '../tools/tool-kinds.ts'
import type { Reader } from './finding.ts'
import { readBiome } from './read-biome.ts'
import { readEslint } from './read-eslint.ts'
import { readJest } from './read-jest.ts'
import { readNodeTest } from './read-node-test.ts'
import { readOxlint } from './read-oxlint.ts'
import { readPrettier } from './read-prettier.ts'
import { readTsc } from './read-tsc.ts'
import { readVitest } from './read-vitest.ts'

const readers: Readonly<Partial<Record<ToolId, Reader>>> = {
  biome: readBiome,
  eslint: readEslint,
  jest: readJest,
  'node:test': readNodeTest,
  oxlint: readOxlint,
  prettier: readPrettier,
  tsc: readTsc,
  vitest: readVitest,
}

/** What a tool found fault with; nothing of a tool whose words are not known here. */
export function readFindings(tool: ToolId | undefined, output: string): ReturnType<Reader> {
  return (tool && readers[tool]?.(withoutColors(output))) ?? []
}

const counts: readonly RegExp[] = [
  // Vitest; Jest.
  /^ *Tests:? +(.+?)(?:, \d+ total)?(?: \(\d+\))?$/m,
  // Biome that wrote.
  /(Fixed \d+ files?)\.$/m,
]

/** The tool's own figures in a few words, where it prints any. */
export function readNote(output: string): string | undefined {
  const text = withoutColors(output)
  const found = counts.map((pattern) => pattern.exec(text)?.[1]).find((note) => note !== undefined)
  return found?.replaceAll(' | ', ', ').toLowerCase() ?? nodeNote(text)
}

function nodeNote(text: string): string | undefined {
  const [passed, failed] = ['pass', 'fail'].map((word) =>
    Number(new RegExp(`^ℹ ${word} (\\d+)$`, 'm').exec(text)?.[1] ?? 0),
  )
  if (!passed && !failed) return undefined
  return `${failed ? `${failed} failed, ` : ''}${passed} passed`
}

/** Text without colours, as tools would print it that knew of no terminal. */
export function withoutColors(output: string): string {
  return stripVTControlCharacters(output).replaceAll('\r', '')
}
