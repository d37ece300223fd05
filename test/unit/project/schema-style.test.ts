import { describe, expect, it } from 'vitest'
import { detect } from '../../../src/project/detect.ts'
import { schemaStyleAt } from '../../../src/project/schema-style.ts'
import { type Tree, temporaryFolder, writeTree } from '../../support/tree.ts'

type Packages = Readonly<Record<string, string>>

function packageJson(dependencies: Packages): Tree {
  const all = { fastify: '^5.3.0', ...dependencies }
  return {
    'package.json': JSON.stringify({ name: 'app', type: 'module', dependencies: all }),
    'tsconfig.json':
      '{ "compilerOptions": { "module": "NodeNext", "paths": { "@/*": ["./src/*"] } } }',
  }
}

function styleOf(dependencies: Packages, files: Tree) {
  const root = temporaryFolder()
  writeTree(root, { ...packageJson(dependencies), ...files })
  const place = detect(root).places.router
  if (place === undefined) throw new Error('no place')
  return schemaStyleAt(root, place)
}

const zod: Packages = { 'fastify-type-provider-zod': '^6.1.0', zod: '^4.1.0' }
const zodImport = `import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";\n`
const fastify = `import Fastify from 'fastify';\n`
const set = (app: string) =>
  `${app}.setValidatorCompiler(validatorCompiler);\n${app}.setSerializerCompiler(serializerCompiler);\n`
const provider = { type: 'ZodTypeProvider', from: 'fastify-type-provider-zod' }
const zod4 = {
  kind: 'zod',
  from: 'zod',
  clause: '{ z }',
  version: { major: 4, minor: 1 },
  provider,
}

const app = (body: string, imports = '') => ({
  'src/app.ts': `${imports}${fastify}export const app = Fastify();\n${body}app.register(users);\n`,
})

const plugin = (text: string) => ({
  ...app('app.register(schemas);\n', `import schemas from './plugins/schemas.js';\n`),
  'src/plugins/schemas.ts': text,
})

describe('the schemas of a project with the type provider of Zod', () => {
  it.each<[string, Tree]>([
    [
      'in the file that makes the app',
      {
        'src/app.ts': `${zodImport}${fastify}const app = Fastify().withTypeProvider<ZodTypeProvider>();\n${set('app')}app.register(users);\n`,
      },
    ],
    [
      'in a chain',
      {
        'src/app.ts': `${zodImport}${fastify}const app = Fastify().setValidatorCompiler(validatorCompiler).setSerializerCompiler(serializerCompiler).withTypeProvider<ZodTypeProvider>();\napp.register(users);\n`,
      },
    ],
    [
      'on a variable for the typed instance',
      app(`const typed = app.withTypeProvider<ZodTypeProvider>();\n${set('typed')}`, zodImport),
    ],
    [
      'in a plugin that breaks out of its scope',
      plugin(
        `${zodImport}import fp from 'fastify-plugin';\nexport default fp(async (instance) => {\n${set('instance')}});\n`,
      ),
    ],
    [
      'in a function that is wrapped later',
      plugin(
        `${zodImport}import fp from 'fastify-plugin';\nasync function schemas(instance) {\n${set('instance')}}\nexport default fp(schemas);\n`,
      ),
    ],
    [
      'in a function that is called with the app',
      {
        ...app('configure(app);\n', `import { configure } from './configure.js';\n`),
        'src/configure.ts': `${zodImport}export function configure(app: FastifyInstance) {\n${set('app')}}\n`,
      },
    ],
    [
      'in a plugin that a loader takes up',
      {
        ...app(
          "app.register(autoload, { dir: join(import.meta.dirname, 'plugins') });\n",
          "import autoload from '@fastify/autoload';\nimport { join } from 'node:path';\n",
        ),
        'src/plugins/schemas.ts': `${zodImport}import fp from 'fastify-plugin';\nexport default fp(async (app) => {\n${set('app')}});\n`,
      },
    ],
    [
      'in a plugin behind an alias',
      {
        ...app('app.register(schemas);\n', `import schemas from '@/plugins/schemas.js';\n`),
        'src/plugins/schemas.ts': `${zodImport}import fp from 'fastify-plugin';\nexport default fp(async (app: FastifyInstance) => {\n${set('app')}});\n`,
      },
    ],
    [
      'by the functions that make them',
      app(
        'app.setValidatorCompiler(validatorCompiler);\napp.setSerializerCompiler(createSerializerCompiler({ replacer }));\n',
        `import { createSerializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';\n`,
      ),
    ],
    [
      'through a module of the project',
      {
        ...app(set('app'), `import { serializerCompiler, validatorCompiler } from './zod.js';\n`),
        'src/zod.ts': `export { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';\n`,
      },
    ],
    [
      'through functions around them',
      app(
        'app.setValidatorCompiler((route) => validatorCompiler(route));\napp.setSerializerCompiler(() => (data) => JSON.stringify(data));\n',
        zodImport,
      ),
    ],
  ])('are found where the compilers are set %s', (_where, files) => {
    expect(styleOf(zod, files)).toEqual(zod4)
  })

  const plain = app(set('app'), zodImport)

  it.each<[Packages, Tree, object]>([
    [
      { 'fastify-type-provider-zod': '^4.0.2', zod: '^3.23.8' },
      {},
      { from: 'zod', version: { major: 3, minor: 23 } },
    ],
    [
      { 'fastify-type-provider-zod': '^5.0.0', zod: '^3.25.67' },
      {},
      { from: 'zod/v4', version: { major: 4, minor: 0 } },
    ],
    [
      { 'fastify-type-provider-zod': '^5.0.0', zod: '^4.0.0' },
      {},
      { from: 'zod', version: { major: 4, minor: 0 } },
    ],
    [
      { 'fastify-type-provider-zod': '^4.0.0', zod: '^4.0.0' },
      {},
      { from: 'zod/v3', version: { major: 3, minor: 25 } },
    ],
    [
      { 'fastify-type-provider-zod': '^2.0.0', zod: '^3.22.0' },
      {},
      { from: 'zod', version: { major: 3, minor: 22 } },
    ],
  ])('are of the Zod that %j mean', (packages, files, expected) => {
    expect(styleOf(packages, { ...plain, ...files })).toMatchObject(expected)
  })

  it.each(['z', '* as z', '{ z }'])('import %s as the project does', (clause) => {
    const users = `import ${clause} from 'zod/v4';\nexport default async (app) => {};\n`
    const files = {
      ...app(set('app'), `${zodImport}import users from './users.js';\n`),
      'src/users.ts': users,
    }
    expect(styleOf(zod, files)).toMatchObject({ clause, from: 'zod/v4' })
  })

  it('are JSON Schema outside the scope to which the compilers are confined', () => {
    const scoped = `app.register(async (api) => {\n${set('api')}});\n`
    expect(styleOf(zod, app(scoped, zodImport))).toEqual({ kind: 'json' })
    const named = plugin(`${zodImport}export default async function api(app) {\n${set('app')}}\n`)
    expect(styleOf(zod, named)).toEqual({ kind: 'json' })
  })

  it("are Zod's inside that scope", () => {
    const root = temporaryFolder()
    writeTree(root, {
      ...packageJson(zod),
      ...plugin(`${zodImport}export default async function api(app) {\n${set('app')}}\n`),
    })
    const into = { path: 'src/plugins/schemas.ts', within: 'api' }
    const place = detect(root, into).places.router
    expect(place && schemaStyleAt(root, place)).toMatchObject({ kind: 'zod' })
  })
})

describe('the schemas of a project with other compilers', () => {
  it.each<[string, Packages, Tree, object]>([
    ['none', {}, app(''), { kind: 'json' }],
    ['none, though it has Zod', { zod: '^4.0.0' }, app(''), { kind: 'json' }],
    [
      'its own Ajv',
      { ajv: '^8.0.0' },
      app(
        'const ajv = new Ajv();\napp.setValidatorCompiler(({ schema }) => ajv.compile(schema));\n',
        "import Ajv from 'ajv';\n",
      ),
      { kind: 'json' },
    ],
    [
      "Fastify's compiler, set by hand",
      { '@fastify/ajv-compiler': '^4.0.0' },
      {
        'src/app.ts': `import AjvCompiler from '@fastify/ajv-compiler';\n${fastify}export const app = Fastify({ schemaController: { compilersFactory: { buildValidator: AjvCompiler() } } });\napp.register(users);\n`,
      },
      { kind: 'json' },
    ],
    [
      'JSON Schema to TS',
      { '@fastify/type-provider-json-schema-to-ts': '^5.0.0' },
      app(
        'app.withTypeProvider<JsonSchemaToTsProvider>();\n',
        "import type { JsonSchemaToTsProvider } from '@fastify/type-provider-json-schema-to-ts';\n",
      ),
      {
        kind: 'json',
        provider: {
          type: 'JsonSchemaToTsProvider',
          from: '@fastify/type-provider-json-schema-to-ts',
        },
      },
    ],
    [
      'the types of TypeBox',
      { '@fastify/type-provider-typebox': '^6.0.0', typebox: '^1.0.0' },
      app(
        'app.withTypeProvider<TypeBoxTypeProvider>();\n',
        "import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';\n",
      ),
      { kind: 'typebox', from: 'typebox', isStrict: false },
    ],
    [
      'the compiler of an earlier TypeBox',
      { '@fastify/type-provider-typebox': '^5.0.0', '@sinclair/typebox': '^0.34.0' },
      app(
        'app.setValidatorCompiler(TypeBoxValidatorCompiler);\n',
        "import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';\n",
      ),
      { kind: 'typebox', from: '@sinclair/typebox', isStrict: true },
    ],
    [
      'those of fastify-zod-openapi',
      { 'fastify-zod-openapi': '^5.0.0', zod: '^4.0.0' },
      app(
        set('app'),
        "import { serializerCompiler, validatorCompiler } from 'fastify-zod-openapi';\n",
      ),
      {
        kind: 'zod',
        provider: { type: 'FastifyZodOpenApiTypeProvider', from: 'fastify-zod-openapi' },
      },
    ],
    [
      'Joi',
      { joi: '^17.0.0' },
      app(
        'app.setValidatorCompiler(({ schema }) => (data) => schema.validate(data));\n',
        "import Joi from 'joi';\n",
      ),
      { kind: 'unknown', at: 'src/app.ts:4' },
    ],
    [
      'Valibot, in a module of the project',
      { valibot: '^1.0.0' },
      {
        ...app(
          set('app'),
          "import { serializerCompiler, validatorCompiler } from './valibot.js';\n",
        ),
        'src/valibot.ts': "import * as v from 'valibot';\nexport const validatorCompiler = 1;\n",
      },
      { kind: 'unknown', at: 'src/app.ts:4' },
    ],
    [
      'a parser of Zod written by hand',
      { zod: '^4.0.0' },
      app('app.setValidatorCompiler(({ schema }) => (data) => schema.safeParse(data));\n'),
      { kind: 'unknown', at: 'src/app.ts:3' },
    ],
    [
      "Zod's validator alone",
      zod,
      app('app.setValidatorCompiler(validatorCompiler);\n', zodImport),
      { kind: 'unknown', at: 'src/app.ts:4' },
    ],
    [
      "Zod's, set nowhere",
      zod,
      app('app.withTypeProvider<ZodTypeProvider>();\n', zodImport),
      { kind: 'unknown' },
    ],
    [
      'one in a comment, and one in a text',
      {},
      app("// app.setValidatorCompiler(zod)\nconst text = 'app.setValidatorCompiler(zod)';\n"),
      { kind: 'json' },
    ],
  ])('fit %s', (_what, packages, files, expected) => {
    expect(styleOf(packages, files)).toMatchObject(expected)
  })
})
