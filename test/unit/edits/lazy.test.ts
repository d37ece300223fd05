import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import { applyOp } from '../../../src/edits/index.ts'

const require = createRequire(import.meta.url)

function isLoaded(name: string): boolean {
  return require.resolve(name) in require.cache
}

test('the parsers are loaded by the first op that needs them', () => {
  applyOp('package.json', '{}\n', { op: 'ensureJson', path: ['a'], value: 1 })
  applyOp('.env', 'A=1\n', { op: 'ensureEnv', section: 'b', lines: ['B=1'], order: 'by-name' })
  expect(isLoaded('yaml')).toBe(false)
  applyOp('x.yaml', 'a: 1\n', { op: 'ensureYaml', path: ['b'], block: 'b: 1', order: 'by-name' })
  expect(isLoaded('yaml')).toBe(true)
  expect(isLoaded('@ts-morph/common/dist/typescript.js')).toBe(false)
  applyOp('a.ts', '', { op: 'ensureImport', name: 'a', from: 'a' })
  expect(isLoaded('@ts-morph/common/dist/typescript.js')).toBe(true)
})
