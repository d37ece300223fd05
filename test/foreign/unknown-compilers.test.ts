import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { complaintsOf, copyProject } from '../support/foreign.ts'
import { succeed } from '../support/processes.ts'
import { ran } from '../support/run.ts'
import { treeOf } from '../support/tree.ts'
import { type Client, clientOf } from './resource-client.ts'
import { drizzleProjects } from './resource-projects.ts'
import { health, router } from './words.ts'

/** In these projects a schema is a function, by compilers that nobody else has. */
const compilers: Readonly<Record<string, string>> = {
  'drizzle-typescript': `  type Schema = (data: unknown) => unknown
  app.setValidatorCompiler<Schema>(({ schema }) => (data) => ({ value: schema(data) }))
  app.setSerializerCompiler<Schema>(({ schema }) => {
    return (data) => String(schema(data))
  })
`,
  'drizzle-javascript': `app.setValidatorCompiler(({ schema }) => (data) => ({ value: schema(data) }))
app.setSerializerCompiler(({ schema }) => (data) => String(schema(data)))
`,
}

const names = Object.keys(compilers)

const files = { 'drizzle-typescript': 'src/app.ts', 'drizzle-javascript': 'src/server.js' }

const note = ['generate', 'resource', 'Note', 'title:string:20', 'stars:int=3', 'seen:timestamp']

describe.each(drizzleProjects.filter(({ name }) => names.includes(name)))(
  'in $name, whose compilers nobody knows',
  ({ name, entry }) => {
    const path = files[name as keyof typeof files]
    const title = { title: 'One', seen: '2026-01-02T03:04:05.678Z' }
    let root: string
    let said: readonly string[]
    let app: Client

    beforeAll(async () => {
      root = copyProject({ name })
      const file = join(root, path)
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, text.replace(/(const app = .*\n)/i, `$1${compilers[name]}`))
      const runs = [await ran(root, router), await ran(root, note)]
      said = runs.map(({ out, err }) => out + err)
      await succeed(root, ['node_modules/drizzle-kit/bin.cjs', 'generate'])
      app = clientOf(root, entry)
    })

    afterAll(() => app?.close())

    it('routes come without schemas, and both commands say so and where', async () => {
      for (const text of said) {
        expect(text).toMatch(new RegExp(`set in ${path}:\\d+ isn't one that create-service knows`))
      }
      const routes = Object.entries(treeOf(root)).filter(([file]) =>
        /routes\/(notes|webh)/.test(file),
      )
      expect(routes).toHaveLength(2)
      for (const [, text] of routes)
        expect(text).not.toMatch(/response:|body:|params:|querystring:/)
      expect(entry.endsWith('ts') ? await complaintsOf(root) : '').toBe('')
    })

    it('they serve', async () => {
      expect(await app.ask(health)).toEqual({ status: 200, body: { status: 'ok' } })
      const { status, body } = await app.ask('POST /notes', title)
      expect({ status, body }).toMatchObject({ status: 201, body: { ...title, stars: 3 } })
      expect((await app.ask(`GET /notes/${body.id}`)).body).toEqual(body)
      expect((await app.ask('GET /notes?limit=1')).body).toMatchObject({ data: [body] })
      const changed = await app.ask(`PATCH /notes/${body.id}`, { stars: 5 })
      expect(changed).toMatchObject({ status: 200, body: { ...title, stars: 5 } })
      expect((await app.ask(`DELETE /notes/${body.id}`)).status).toBe(204)
    })

    it('they take no field that a client may not set, and refuse what no column holds', async () => {
      const id = '01932c07-8e2a-7cc3-9d3f-5b7c2f0a4e11'
      const createdAt = '2001-01-01T00:00:00.000Z'
      const { body } = await app.ask('POST /notes', { ...title, id, createdAt })
      expect(body.id).not.toBe(id)
      expect(body.createdAt).not.toBe(createdAt)
      const changed = await app.ask(`PATCH /notes/${body.id}`, { id, createdAt, stars: 1 })
      expect(changed.body).toMatchObject({ id: body.id, createdAt: body.createdAt, stars: 1 })
      for (const wrong of [{}, { ...title, stars: 'many' }, { ...title, title: 'x'.repeat(21) }]) {
        expect((await app.ask('POST /notes', wrong)).status).toBe(400)
      }
      for (const query of ['limit=0', 'limit=x', 'limit=1000', 'limit=-1']) {
        expect((await app.ask(`GET /notes?${query}`)).status).toBe(200)
      }
      expect((await app.ask('GET /notes?cursor=a&cursor=b')).status).toBe(400)
    })
  },
)
