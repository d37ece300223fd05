import { expect, it } from 'vitest'
import type { Facts } from '../../../../src/dev/facts.ts'
import { serve } from '../../../../src/dev/serve/serve.ts'
import type { Package } from '../../../../src/project/package.ts'
import { type Tree, temporaryFolder, writeTree } from '../../../support/tree.ts'

const audience = { env: {}, isColored: false, say: () => {}, complain: () => {} }

function factsOf(files: Tree, own: Package, isService: boolean): Facts {
  const root = temporaryFolder()
  writeTree(root, files)
  return {
    root,
    isService,
    features: [],
    packageManager: 'pnpm',
    levels: [{ folder: root, package: own, names: Object.keys(files) }],
    sources: [],
    isSolution: false,
  }
}

it('reads no folder that package.json names as the entry', async () => {
  const facts = factsOf({ 'lib/index.js': '' }, { main: './lib' }, false)
  await expect(serve(facts, {}, audience)).rejects.toMatchObject({ code: 'NO_TOOL' })
})

it('says in the words of the package manager how the compiler comes here', async () => {
  const files = { 'package.json': '{}', 'pnpm-lock.yaml': '', 'tsconfig.build.json': '{}' }
  await expect(serve(factsOf(files, {}, true), {}, audience)).rejects.toMatchObject({
    code: 'NOT_INSTALLED',
    hint: expect.stringContaining('pnpm install'),
  })
})
