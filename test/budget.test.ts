import { join } from 'node:path'
import { expect, it } from 'vitest'
import { codeBelow, codeLinesOf, linesOf } from './support/figures.ts'
import { createdService } from './support/service.ts'

/*
 * How large the standard service may get. A team has to read and own all of it, so these are
 * ceilings, not aims; comments cost nothing.
 */

it.each([
  { service: 'standard', flags: [], folder: 'src', maxFiles: 118, maxCode: 8530 },
  { service: 'standard', flags: [], folder: 'test', maxFiles: 110, maxCode: 8200 },
  {
    service: 'uncached',
    flags: ['--without', 'cache'],
    folder: 'src',
    maxFiles: 105,
    maxCode: 6800,
  },
  {
    service: 'uncached',
    flags: ['--without', 'cache'],
    folder: 'test',
    maxFiles: 98,
    maxCode: 7200,
  },
])(
  'the $service service keeps $folder within its budget',
  async ({ flags, folder, maxFiles, maxCode }) => {
    const texts = [...codeBelow(join(await createdService(...flags), folder)).values()]
    const code = texts.map(codeLinesOf).reduce((sum, lines) => sum + lines, 0)
    console.info(`${folder}: ${texts.length} files, ${code} lines of code`)
    expect(texts.length).toBeGreaterThan(20)
    expect.soft(texts.length, 'files').toBeLessThanOrEqual(maxFiles)
    expect.soft(code, 'lines of code').toBeLessThanOrEqual(maxCode)
  },
)

it('the standard service has no source file over 300 lines', async () => {
  const root = await createdService()
  const long = [...codeBelow(join(root, 'src'))]
    .filter(([, text]) => linesOf(text) > 300)
    .map(([path, text]) => `${path.slice(root.length + 1)}: ${linesOf(text)}`)
  expect(long).toEqual([])
})
