import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { complaintsOf, copyProject, install, manifestOf, stateOf } from '../support/foreign.ts'
import { execute, succeed } from '../support/processes.ts'
import { ran } from '../support/run.ts'
import { type Tree, temporaryFolder, treeOf } from '../support/tree.ts'
import { type CompiledProject, compiledProjects, installFixture } from './compiled-projects.ts'
import { type Client, clientOf } from './resource-client.ts'
import { keepsThings } from './resource-contract.ts'
import { generateThing } from './resource-projects.ts'
import { health, middleware, router } from './words.ts'

const bin = join(import.meta.dirname, '../../node_modules/.bin')

const fixture = join(import.meta.dirname, '../fixtures/drizzle-typescript')

/** The start of an app with a database. */
const migrated = `await migrateDatabase()

app.setErrorHandler((error: Error & { statusCode?: number; validation?: unknown }, _request, reply) =>
  // The first versions put no status into an error of validation.
  reply.code(error.statusCode ?? (error.validation ? 400 : 500)).send({ problem: error.message }),
)

`

interface Validity {
  readonly valid: boolean
  readonly errors?: unknown
}

/** What a validator of OpenAPI finds wrong with a document; nothing where it is content. */
async function faultsIn(document: object): Promise<unknown> {
  const root = await installFixture('compilers')
  const path = join(root, 'node_modules/@seriousme/openapi-schema-validator/index.js')
  const { Validator } = await import(pathToFileURL(path).href)
  const { valid, errors }: Validity = await new Validator().validate(structuredClone(document))
  return valid ? undefined : (errors ?? 'not valid')
}

async function openApiOf(app: Client) {
  const { status, body } = await app.ask('GET /openapi.json')
  expect(status).toBe(200)
  return body as unknown as { readonly paths: Readonly<Record<string, object>> }
}

async function folderOf({ name, installed }: CompiledProject): Promise<string> {
  return join(await installFixture(installed), name.replace(installed, ''))
}

describe.each(compiledProjects)('$name, with its own packages', (project) => {
  const { serves, schema, hasDatabase } = project
  let root: string
  let before: Tree
  let app: Client | undefined

  beforeAll(async () => {
    root = await folderOf(project)
    before = stateOf(root)
  })

  afterEach(() => app?.close())

  const start = () => {
    app = clientOf(root, 'src/server.ts')
    return app
  }

  it('compiles and serves before', async () => {
    expect(await complaintsOf(root)).toBe('')
    const client = start()
    expect((await client.ask(`GET ${serves}`)).status).toBe(200)
    expect(await faultsIn(await openApiOf(client))).toBeUndefined()
  })

  it('serves a router and a middleware, documents them, and compiles', async () => {
    await ran(root, router)
    await ran(root, middleware)
    expect(treeOf(root)['src/routes/webhooks.ts']).toContain(schema)
    expect(await complaintsOf(root)).toBe('')
    const client = start()
    expect(await client.ask(health)).toEqual({ status: 200, body: { status: 'ok' } })
    expect((await client.ask(`GET ${serves}`)).status).toBe(200)
    expect((await client.ask('GET /nowhere')).status).toBe(404)
    const document = await openApiOf(client)
    expect(Object.keys(document.paths)).toContain('/webhooks/health')
    expect(await faultsIn(document)).toBeUndefined()
    if (!hasDatabase) {
      const { body } = await client.ask('GET /log')
      const lines = (body as unknown as readonly string[]).map((line) => JSON.parse(line))
      const own = lines.filter((line) => line.plugin === 'audit-log')
      expect(own).toContainEqual(
        expect.objectContaining({ method: 'GET', route: '/webhooks/health' }),
      )
      expect(own).toContainEqual(
        expect.objectContaining({ status: 200, duration_ms: expect.any(Number) }),
      )
    }
  })

  it('keeps its records out of the sight of formatters', async () => {
    for (const words of [
      ['biome', 'check', '.create-service'],
      ['prettier', '--check', '.create-service'],
    ]) {
      const [program = '', ...args] = words
      const { output } = await execute(root, [join(bin, program), ...args])
      expect(output).not.toMatch(/manifest|webhooks|audit|known|\.run/)
    }
  })

  it('is what it was after both were destroyed', async () => {
    await ran(root, ['destroy', 'router', 'webhooks'])
    await ran(root, ['destroy', 'middleware', 'audit_log', '--no-install'])
    expect(stateOf(root)).toEqual(before)
  })
})

const withDatabase = compiledProjects.filter(({ hasDatabase }) => hasDatabase)

describe.each(withDatabase)('a resource of $name, with its own packages', (project) => {
  let root: string
  let before: Tree
  let app: Client

  beforeAll(async () => {
    root = await folderOf(project)
    before = stateOf(root)
    await ran(root, generateThing)
    await succeed(root, ['node', join(bin, '../drizzle-kit/bin.cjs'), 'generate'])
    app = clientOf(root, 'src/server.ts')
  })

  afterAll(() => app.close())

  it('compiles, and is documented', async () => {
    expect(await complaintsOf(root)).toBe('')
    const document = await openApiOf(app)
    expect(Object.keys(document.paths)).toContain('/things/{id}')
    expect(await faultsIn(document)).toBeUndefined()
  })

  keepsThings(() => app, 'problem')

  it('is taken back without a trace but for its migration', async () => {
    await ran(root, ['destroy', 'resource', 'Thing'])
    const own = (tree: Tree) =>
      Object.fromEntries(Object.entries(tree).filter(([path]) => !path.startsWith('drizzle/')))
    expect(own(stateOf(root))).toEqual(own(before))
  })
})

describe.each([
  ['Ajv', 'type TypeBoxTypeProvider', ''],
  [
    "TypeBox's own compiler",
    'type TypeBoxTypeProvider, TypeBoxValidatorCompiler',
    '.setValidatorCompiler(TypeBoxValidatorCompiler)',
  ],
])('a resource of TypeBox 1 under %s', (_compiler, imported, call) => {
  let root: string
  let app: Client

  beforeAll(async () => {
    root = copyProject({ name: 'drizzle-typescript' })
    const file = join(root, 'src/app.ts')
    const text = readFileSync(file, 'utf8')
      .replace('import', `import { ${imported} } from '@fastify/type-provider-typebox'\nimport`)
      .replace('Fastify()', `Fastify()${call}.withTypeProvider<TypeBoxTypeProvider>()`)
    writeFileSync(file, text.replace('return app', 'return app as unknown as FastifyInstance'))
    const manifest = manifestOf(root)
    const dependencies = {
      ...manifest.dependencies,
      '@fastify/type-provider-typebox': '^6.0.0',
      typebox: '^1.0.0',
    }
    writeFileSync(join(root, 'package.json'), JSON.stringify({ ...manifest, dependencies }))
    install(root)
    await ran(root, router)
    await ran(root, generateThing)
    await succeed(root, ['node', join(bin, '../drizzle-kit/bin.cjs'), 'generate'])
    app = clientOf(root, 'src/server.ts')
  })

  afterAll(() => app.close())

  it('compiles, beside a router', async () => {
    const files = treeOf(root)
    expect(files['src/resources/things/thing.schema.ts']).toContain("from 'typebox'")
    expect(files['src/routes/webhooks.ts']).toContain('Type.Object(')
    expect(await complaintsOf(root)).toBe('')
    expect(await app.ask(health)).toEqual({ status: 200, body: { status: 'ok' } })
  })

  keepsThings(() => app, 'problem')
})

describe.each(['fastify-4.0', 'fastify-4.9'])('a resource of %s', (name) => {
  let root: string
  let app: Client

  beforeAll(async () => {
    root = join(temporaryFolder(), name)
    cpSync(await installFixture(name), root, { recursive: true })
    for (const path of ['src/db', 'drizzle', 'drizzle.config.ts']) {
      cpSync(join(fixture, path), join(root, path), { recursive: true })
    }
    for (const one of ['drizzle-orm', '@electric-sql']) {
      symlinkSync(join(bin, '..', one), join(root, 'node_modules', one))
    }
    const manifest = manifestOf(root)
    const dependencies = { ...manifest.dependencies, 'drizzle-orm': '^0.45.0' }
    writeFileSync(join(root, 'package.json'), JSON.stringify({ ...manifest, dependencies }))
    const file = join(root, 'src/server.ts')
    const text = readFileSync(file, 'utf8').replace(
      'import',
      `import { migrateDatabase } from './db/client.js'\nimport`,
    )
    writeFileSync(file, text.replace('await app.register(', `${migrated}await app.register(`))
    await ran(root, generateThing)
    await succeed(root, ['node', join(bin, '../drizzle-kit/bin.cjs'), 'generate'])
    app = clientOf(root, 'src/server.ts')
  })

  afterAll(() => app.close())

  it('compiles', async () => {
    expect(await complaintsOf(root)).toBe('')
  })

  keepsThings(() => app, 'problem')
})
