import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { features } from '../../../src/features/index.ts'
import { toolVersion } from '../../../src/versions.ts'
import { ran, run } from '../../support/run.ts'
import { createdService, createFlags, product } from '../../support/service.ts'
import { temporaryFolder, treeOf } from '../../support/tree.ts'

describe('the program', () => {
  it('says its version', async () => {
    expect(await run(temporaryFolder(), ['--version'])).toEqual({
      code: 0,
      out: `${toolVersion}\n`,
      err: '',
    })
  })

  it('lists its commands and options', async () => {
    const { code, out } = await run(temporaryFolder(), ['--help'])
    expect(code).toBe(0)
    for (const word of ['[dir]', 'generate', 'destroy', 'add', 'dev', '--dry-run', '--tool']) {
      expect(out).toContain(word)
    }
  })

  it('knows the word help', async () => {
    const { code, out } = await run(temporaryFolder(), ['help', 'add'])
    expect(code).toBe(0)
    expect(out).toContain('create-service add')
  })

  it.each(['demo', 'general', 'petstore', 'ads', 'coffee'])(
    'takes %s as a folder',
    async (name) => {
      const parent = temporaryFolder()
      await ran(parent, [name, ...createFlags, '--preset', 'minimal'])
      expect(treeOf(parent)[`${name}/package.json`]).toContain(`"name": "${name}"`)
    },
  )

  it('helps with every command', async () => {
    for (const words of [
      ['add'],
      ['generate', 'resource'],
      ['destroy', 'resource'],
      ['dev', 'serve'],
    ]) {
      const { code, out } = await run(temporaryFolder(), [...words, '--help'])
      expect(code).toBe(0)
      expect(out).toContain(`create-service ${words.join(' ')}`)
    }
  })

  it('takes the global flags before and after a command', async () => {
    const root = await createdService('--preset', 'minimal')
    const elsewhere = temporaryFolder()
    const before = await ran(elsewhere, ['--cwd', root, 'add', 'docker', '--dry-run'])
    const after = await ran(elsewhere, ['add', 'docker', '--dry-run', '--cwd', root])
    expect(before.out).toContain('+++ b/Dockerfile')
    expect(after).toEqual(before)
  })

  it('is quiet when asked, but not about what went wrong', async () => {
    const root = await createdService('--features', 'database')
    expect(await ran(root, [...product, '--quiet'])).toEqual({ code: 0, out: '', err: '' })
    const refused = await run(root, ['generate', 'resource', 'Product', 'a:int', '-q'])
    expect(refused).toMatchObject({ code: 3, out: '' })
    expect(refused.err).toContain('UNIT_DIFFERS')
  })
})

describe('the JSON document', () => {
  const keys = ['changes', 'command', 'followUps', 'next', 'outcome', 'refusals', 'warnings']

  it.each([
    ['applied', 0, [...product, '--json']],
    ['planned', 0, [...product, '--json', '--dry-run']],
    ['planned', 1, [...product, '--json', '--check']],
    ['present', 0, ['add', 'database', '--json']],
    ['failed', 2, ['generate', 'resource', '../x', '--json']],
    ['failed', 2, ['add', 'nothing', '--json']],
    ['failed', 2, ['add', '--bogus', '--json']],
  ])('has one shape: %s with exit code %i', async (outcome, code, argv) => {
    const result = await run(await createdService('--features', 'database'), argv)
    expect(result.code).toBe(code)
    const document = JSON.parse(result.out)
    expect(document.outcome).toBe(outcome)
    expect(Object.keys(document).sort()).toEqual(keys)
    expect(document.refusals.length > 0).toBe(code > 1)
  })

  it('says what was refused, where, and what to paste', async () => {
    const root = await createdService('--features', 'database')
    writeFileSync(join(root, 'src/resources/index.ts'), 'export const nothing = 1\n')
    const { code, out } = await run(root, [...product, '--json'])
    expect(code).toBe(3)
    expect(JSON.parse(out)).toMatchObject({
      command: 'generate resource',
      outcome: 'refused',
      changes: [],
      refusals: [
        {
          code: 'NO_ANCHOR',
          file: 'src/resources/index.ts',
          snippet: expect.stringContaining('await app.register(products, {'),
        },
      ],
    })
  })
})

describe('features', () => {
  it('says what is present', async () => {
    const root = await createdService('--features', 'docker')
    const { out } = await ran(root, ['features', '--json'])
    const present = (JSON.parse(out).features as { id: string; present: boolean }[])
      .filter((feature) => feature.present)
      .map(({ id }) => id)
    expect(present).toEqual(['docker'])
    const outside = await ran(temporaryFolder(), ['features'])
    for (const { id, internal } of features) {
      expect(outside.out.includes(`○ ${id} `), id).toBe(!internal)
    }
  })
})

describe('--force', () => {
  it('replaces what is not ours, and shows it before', async () => {
    const root = await createdService('--features', 'database')
    const file = 'src/resources/products/product.model.ts'
    const { mkdirSync } = await import('node:fs')
    mkdirSync(join(root, 'src/resources/products'))
    writeFileSync(join(root, file), 'mine\n')
    const preview = await ran(root, [...product, '--force', '--dry-run'])
    expect(preview.out).toContain('-mine')
    await ran(root, [...product, '--force'])
    expect(treeOf(root)[file]).toContain('pgTable')
  })

  it('leaves an edited file alone without it, and says so', async () => {
    const root = await createdService('--features', 'database')
    await ran(root, product)
    const file = 'src/resources/products/product.routes.ts'
    writeFileSync(join(root, file), `// mine\n${treeOf(root)[file]}`)
    const again = await ran(root, product)
    expect(again.err).toContain(`${file} was edited`)
    expect(again.out).toContain('Nothing to do')
    const edited = treeOf(root)
    const destroyed = await run(root, ['destroy', 'resource', 'Product'])
    expect(destroyed.code).toBe(3)
    expect(destroyed.err).toContain(`${file} was edited`)
    expect(treeOf(root)).toEqual(edited)
    await ran(root, ['destroy', 'resource', 'Product', '--force'])
    expect(treeOf(root)[file]).toBeUndefined()
  })

  it('does not throw away what others have added to a file', async () => {
    const root = await createdService('--features', 'database')
    await ran(root, product)
    const before = treeOf(root)
    const again = await ran(root, ['add', 'database', '--force'])
    expect(again).toMatchObject({ err: '', out: expect.stringContaining('Nothing to do') })
    writeFileSync(join(root, 'src/db/schema.ts'), `// mine\n${before['src/db/schema.ts']}`)
    const edited = await ran(root, ['add', 'database', '--force'])
    expect(edited.err).toContain('src/db/schema.ts was edited, and others have lines in it')
    expect(treeOf(root)['src/db/schema.ts']).toContain('product.model.ts')
  })

  it('does not create a service over a project', async () => {
    const root = await createdService('--features', 'database')
    const before = treeOf(root)
    const result = await run(root, ['.', '--force', ...createFlags])
    expect(result).toMatchObject({ code: 3, err: expect.stringContaining('There is a project') })
    expect(treeOf(root)).toEqual(before)
  })
})

describe('create', () => {
  it('takes the names that it is given', async () => {
    const parent = temporaryFolder()
    const words = ['./x', '--name', 'orders', '--description', 'Says "hi"', '--license', 'MIT']
    await ran(parent, [...words, ...createFlags])
    const tree = treeOf(join(parent, 'x'))
    expect(JSON.parse(tree['package.json'] ?? '')).toMatchObject({
      name: 'orders',
      description: 'Says "hi"',
      license: 'MIT',
    })
    expect(tree.LICENSE).toMatch(/^MIT License/)
  })

  it.each(['npm', 'pnpm', 'yarn', 'bun'])('speaks the language of %s', async (manager) => {
    const root = await createdService('--package-manager', manager)
    const tree = treeOf(root)
    const manifest = JSON.parse(tree['package.json'] ?? '')
    expect(manifest.scripts.quality).toContain(`${manager} run lint`)
    const places = { npm: 'overrides', bun: 'overrides', yarn: 'resolutions' }
    const place = places[manager as keyof typeof places]
    if (place === undefined) expect(tree['pnpm-workspace.yaml']).toContain('esbuild')
    else expect(JSON.stringify(manifest[place])).toContain('esbuild')
  })

  it('tells pnpm of every version not to build esbuild, which ends an install otherwise', async () => {
    const root = await createdService('--package-manager', 'pnpm')
    const settings: unknown = parse(treeOf(root)['pnpm-workspace.yaml'] ?? '')
    // The first is read up to pnpm 10, the second from pnpm 11 on.
    expect(settings).toMatchObject({
      ignoredBuiltDependencies: ['esbuild'],
      allowBuilds: { esbuild: false },
    })
  })

  it('puts every caret under its place', async () => {
    const root = await createdService('--features', 'database')
    const words = ['generate', 'resource', 'Foo', 'price:decmal:10', 'sku:strng', 'n:int']
    const lines = (await run(root, words)).err.split('\n')
    for (const wrong of ['decmal', 'strng']) {
      const at = lines.findIndex((line) => line.includes(`:${wrong}`))
      expect(lines[at + 1]?.indexOf('^')).toBe(lines[at]?.indexOf(wrong))
    }
    const one = await run(root, ['generate', 'resource', 'Foo', 'price:decmal:10'])
    const [, word, caret] = one.err.split('\n')
    expect(caret?.indexOf('^')).toBe(word?.indexOf('decmal'))
  })
})
