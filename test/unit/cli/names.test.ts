import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ran, run } from '../../support/run.ts'
import { createdService } from '../../support/service.ts'
import { treeOf } from '../../support/tree.ts'

async function refuses(root: string, argv: readonly string[], words: readonly string[]) {
  const before = treeOf(root)
  const { code, err } = await run(root, argv)
  for (const word of words) expect(err).toContain(word)
  expect(code).toBe(3)
  expect(treeOf(root)).toEqual(before)
}

describe('a name that belongs to something else', () => {
  it('is refused for a resource, with what owns it and what to do', async () => {
    const root = await createdService()
    await refuses(
      root,
      ['generate', 'resource', 'RateLimit', 'name:string'],
      [
        'NAME_TAKEN',
        'The path /api/v1/rate-limits belongs to the feature rate-limit.',
        'another plural with --plural',
      ],
    )
    await ran(root, ['generate', 'resource', 'RateLimit', '--plural', 'quotas', 'name:string'])
  })

  it('is refused for a feature that may be added later', async () => {
    const root = await createdService('--preset', 'minimal')
    const words = ['NAME_TAKEN', 'the feature auth, which could not be added then']
    await refuses(root, ['generate', 'router', 'api_keys'], words)
    await refuses(root, ['generate', 'middleware', 'identify'], words)
  })

  it.each([
    ['in .env', (root: string) => writeFileSync(join(root, '.env'), 'API_PREFIX=/v2\n')],
    [
      'in the configuration',
      (root: string) => {
        const path = join(root, 'src/config/base.ts')
        const text = treeOf(root)['src/config/base.ts'] ?? ''
        writeFileSync(path, text.replace("default: '/api/v1'", "default: '/v2'"))
      },
    ],
  ])('is looked for below the prefix that is set %s', async (_, set) => {
    const root = await createdService()
    set(root)
    await refuses(
      root,
      ['generate', 'router', 'limits', '--prefix', '/v2/rate-limits'],
      ['The path /v2/rate-limits belongs to the feature rate-limit.'],
    )
  })
})

describe('a plural', () => {
  it('is said to mean its singular, in text and in JSON', async () => {
    const root = await createdService()
    const says = 'Products is a plural: the resource is called Product.'
    const argv = ['generate', 'resource', 'Products', 'name:string', '--dry-run']
    expect((await ran(root, argv)).out).toContain(says)
    expect(JSON.parse((await ran(root, [...argv, '--json'])).out).warnings).toEqual([says])
  })

  it('is a resource that is there already, if its singular is', async () => {
    const root = await createdService()
    await ran(root, ['generate', 'resource', 'Product', 'name:string'])
    const before = treeOf(root)
    await ran(root, ['generate', 'resource', 'Products', 'name:string'])
    expect(treeOf(root)).toEqual(before)
  })
})
