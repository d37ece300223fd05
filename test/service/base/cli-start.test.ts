import { readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const source = fileURLToPath(new URL('../../../src/', import.meta.url))

/** What a program loads before it runs a command: the modules that are imported statically. */
function loadedBy(file: string, seen = new Map<string, string[]>()): Map<string, string[]> {
  if (seen.has(file)) return seen
  const text = readFileSync(file, 'utf8')
  const imports = /^(?:import|export)\s(?!type\b)(?:[^'"]*?\sfrom\s)?'([^']+)'/gm
  const names = [...text.matchAll(imports)].map((match) => match[1] ?? '')
  seen.set(file, names)
  for (const name of names) {
    if (name.startsWith('.')) loadedBy(resolve(dirname(file), name), seen)
  }
  return seen
}

/** Folders whose commands may not be lazy yet do not count: each is its feature's. */
const base = /^(about\.ts|startup-error\.ts|(cli|config|observability)\/)/

test('the CLI starts without what only its commands need', () => {
  const loaded = loadedBy(resolve(source, 'cli/main.ts'))
  const packages = [...loaded]
    .filter(([file]) => base.test(relative(source, file)))
    .flatMap(([, names]) => names)
    .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
  expect([...new Set(packages)].sort()).toEqual(['commander', 'typebox', 'typebox/schema'])
})
