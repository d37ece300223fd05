import { join } from 'node:path'
import { expect, it } from 'vitest'
import { codeBelow, codeLinesOf, linesOf } from './support/figures.ts'
import { createdService } from './support/service.ts'

/*
 * How large the standard service may get. A team has to read and own all of it, so these are
 * ceilings, not aims; comments cost nothing.
 */

it.each([
  { folder: 'src', maxFiles: 118, maxCode: 7900 },
  { folder: 'test', maxFiles: 110, maxCode: 8200 },
])(
  'the standard service keeps $folder within its budget',
  async ({ folder, maxFiles, maxCode }) => {
    const texts = [...codeBelow(join(await createdService(), folder)).values()]
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
