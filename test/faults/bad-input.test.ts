import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Ran, ran, run } from '../support/run.ts'
import { createdService, createFlags, product } from '../support/service.ts'
import { temporaryFolder, treeOf } from '../support/tree.ts'

/** One clear message: what is wrong and how to go on, without a stack. */
function expectClear({ err }: Ran, what: RegExp, hint: RegExp): void {
  expect(err).toMatch(what)
  expect(err).toMatch(hint)
  expect(err).not.toMatch(/^\s+at /m)
}

async function refusesIn(
  root: string,
  argv: readonly string[],
  code: number,
  what: RegExp,
  hint: RegExp,
): Promise<void> {
  const before = treeOf(root)
  const result = await run(root, argv)
  expect(result.code, result.out + result.err).toBe(code)
  expectClear(result, what, hint)
  expect(result.out).not.toMatch(/done/i)
  expect(treeOf(root)).toEqual(before)
}

const resource = (...words: readonly string[]) => ['generate', 'resource', ...words]

describe('a resource', () => {
  it.each([
    ['../x', /name|letter/i],
    ['class', /reserved|class/],
    ['constructor', /constructor/],
    ['__proto__', /__proto__/],
    ['', /name|empty/i],
    ['Größe/1', /Größe|letter/],
  ])('named %j is a usage error', async (name, what) => {
    await refusesIn(await createdService(), resource(name, 'a:int'), 2, what, /\S/)
  })

  it('with an unknown type is a usage error that names the nearest', async () => {
    const root = await createdService()
    await refusesIn(root, resource('Product', 'price:decimel:10,2'), 2, /decimel/, /decimal/)
  })

  it('with several faults gets all of them at once', async () => {
    const root = await createdService()
    await refusesIn(
      root,
      resource('Product', 'a:strin', 'id:int', 'b:int=x'),
      2,
      /strin[\s\S]*id[\s\S]*\bx\b/,
      /\^/,
    )
  })

  it('that is there with other fields is refused', async () => {
    const root = await createdService()
    await ran(root, product)
    await refusesIn(
      root,
      resource('Product', 'name:string'),
      3,
      /UNIT_DIFFERS[\s\S]*Product/,
      /destroy resource/,
    )
  })

  it('that would share the table of another one is refused', async () => {
    const root = await createdService('--features', 'database')
    await ran(root, ['generate', 'resource', 'Item', 'n:int', '--model'])
    const argv = ['generate', 'resource', 'Foo', 'n:int', '--plural', 'items', '--model']
    await refusesIn(root, argv, 3, /NAME_TAKEN[\s\S]*item\.model\.ts/, /--plural/)
  })

  it('whose file is there already is refused', async () => {
    const root = await createdService()
    mkdirSync(join(root, 'src/resources/products'))
    writeFileSync(join(root, 'src/resources/products/product.model.ts'), 'mine\n')
    await refusesIn(root, product, 3, /FILE_EXISTS[\s\S]*product\.model\.ts/, /--force/)
  })

  it.each([
    ['a syntax error', 'export async function registerResources(app {\n', /PARSE_ERROR/],
    ['another name', 'export const nothing = 1\n', /NO_ANCHOR/],
    ['conflict markers', '<<<<<<< a\nconst a = 1\n=======\n>>>>>>> b\n', /CONFLICT_MARKERS/],
  ])('is refused where the anchor file has %s', async (_what, text, code) => {
    const root = await createdService()
    writeFileSync(join(root, 'src/resources/index.ts'), text)
    await refusesIn(root, product, 3, code, /src\/resources\/index\.ts/)
  })

  it('is refused where the anchor file is not UTF-8', async () => {
    const root = await createdService()
    writeFileSync(join(root, 'src/resources/index.ts'), Buffer.from([0xff, 0xfe, 0x41]))
    await refusesIn(root, product, 3, /NOT_UTF8/, /UTF-8/)
  })

  it('is refused where the anchor file is gone', async () => {
    const root = await createdService('--features', 'database')
    rmSync(join(root, 'src/resources/index.ts'))
    await refusesIn(root, product, 3, /NO_ANCHOR[\s\S]*src\/resources\/index\.ts/, /Restore/)
  })

  it('is refused in a folder that may not be written', async () => {
    const root = await createdService()
    chmodSync(join(root, 'src/resources'), 0o555)
    await refusesIn(root, product, 3, /READ_ONLY/, /writable/)
    chmodSync(join(root, 'src/resources'), 0o755)
  })

  it.each([
    ['a file where a folder belongs', 'src/resources/products', /FILE_EXISTS[\s\S]*is a file/],
    ['a broken record', '.create-service/units/resource-product', /BROKEN_RECORD/],
    ['a broken manifest', '.create-service/manifest', /BROKEN_RECORD/],
  ])('is refused where there is %s', async (_what, path, code) => {
    const root = await createdService('--features', 'database')
    writeFileSync(join(root, path), '<<<<<<< ours\n')
    await refusesIn(root, product, 3, code, /Move it away|Restore it/)
  })

  it('is refused where a folder is in the place of a file', async () => {
    const root = await createdService('--features', 'database')
    const place = 'src/resources/products/product.model.ts'
    mkdirSync(join(root, place), { recursive: true })
    await refusesIn(root, product, 3, /FILE_EXISTS[\s\S]*is a folder/, /Move it away/)
  })

  it('is refused where a link leads out of the project', async () => {
    const root = await createdService('--features', 'database')
    const outside = temporaryFolder()
    symlinkSync(outside, join(root, 'src/resources/products'))
    await refusesIn(root, product, 3, /leads out of the project/, /Move it away/)
    expect(treeOf(outside)).toEqual({})
  })

  it('that is not there cannot be destroyed, and the others are named', async () => {
    const root = await createdService('--features', 'database')
    await ran(root, product)
    const { code, out } = await run(root, ['destroy', 'resource', 'Produkt'])
    expect(code).toBe(0)
    expect(out).toBe('Nothing to do: no resource produkt is recorded here. Recorded: product.\n')
  })

  it('outside a project is a usage error', async () => {
    await refusesIn(temporaryFolder(), product, 2, /not inside a project/, /--cwd/)
  })
})

describe('create', () => {
  it('refuses a folder that is not empty', async () => {
    const parent = temporaryFolder()
    mkdirSync(join(parent, 'my-app'))
    writeFileSync(join(parent, 'my-app/notes.txt'), 'mine')
    await refusesIn(parent, ['my-app', ...createFlags], 3, /NOT_EMPTY[\s\S]*notes\.txt/, /--force/)
  })

  it('refuses a read-only folder', async () => {
    const parent = temporaryFolder()
    chmodSync(parent, 0o555)
    await refusesIn(parent, ['my-app', ...createFlags], 3, /READ_ONLY/, /writable/)
  })

  it('needs a folder where nobody can be asked', async () => {
    await refusesIn(temporaryFolder(), [], 2, /No folder/, /create-service my-app/)
  })

  it.each([
    ['My App', /--name my-app/],
    ['größe', /--name grosse|--name gro/],
    ['-x', /unknown option|--name/],
  ])('refuses %j as a name', async (name, hint) => {
    await refusesIn(temporaryFolder(), [`./${name}`, ...createFlags], 2, /can.t be the name/, hint)
  })

  it.each([
    [['--preset', 'full'], /preset/, /minimal, standard/],
    [['--features', 'databse'], /databse/, /database/],
    [['--license', 'WTF'], /license/, /MIT/],
    [['--package-manager', 'pip'], /package-manager/, /npm/],
    [['--bogus'], /--bogus/, /unknown option/],
    [['--port', '3000'], /--port is for --start/, /Add --start/],
  ])('refuses %j', async (flags, what, hint) => {
    await refusesIn(temporaryFolder(), ['./my-app', ...createFlags, ...flags], 2, what, hint)
  })
})

describe('a project that is not installed', () => {
  it.each([[['dev', 'serve']], [['dev', 'quality']], [['db', 'status']]])('%j', async (argv) => {
    const root = await createdService('--preset', 'minimal')
    await refusesIn(root, argv, 1, /isn't installed/, /npm install/)
  })

  it('is found by --cwd before a command of its own', async () => {
    const root = await createdService('--preset', 'minimal')
    const result = await run(temporaryFolder(), ['--cwd', root, 'db', 'status'])
    expect(result.err).toContain("tsx isn't installed")
  })
})

describe('a mistyped command', () => {
  it.each([
    [['generte', 'resource', 'Product'], /generte/, /generate/],
    [['genrate'], /genrate/, /generate/],
    [['my-app', 'other'], /my-app/, /\.\/my-app/],
  ])('outside a project: %j', async (argv, what, hint) => {
    await refusesIn(temporaryFolder(), argv, 2, what, hint)
  })

  it('inside a project: no bare word is a folder', async () => {
    const root = await createdService('--preset', 'minimal')
    await refusesIn(root, ['another'], 2, /another/, /\.\/another/)
    await refusesIn(root, ['generate', 'resorce', 'X'], 2, /resorce/, /resource/)
  })

  it('--cwd has to be a folder', async () => {
    await refusesIn(temporaryFolder(), ['features', '--cwd', 'nowhere'], 2, /nowhere/, /folder/)
  })
})
