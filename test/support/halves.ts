import { writeTree } from './tree.ts'

export const halvesSource = 'src/halves.ts'
export const halvesTest = 'test/unit/halves.test.ts'

/** Gives a service a module with a unit test, for tests of the tools that watch and run them. */
export function addHalves(root: string): void {
  writeTree(root, {
    [halvesSource]: `export function half(value: number): number {
  return value / 2
}
`,
    [halvesTest]: `import { expect, it } from 'vitest'
import { half } from '../../src/halves.ts'

it('halves a number', () => {
  expect(half(8)).toBe(4)
})
`,
  })
}
