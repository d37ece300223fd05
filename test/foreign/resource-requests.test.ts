import { afterAll, beforeAll, describe } from 'vitest'
import { copyProject } from '../support/foreign.ts'
import { succeed } from '../support/processes.ts'
import { ran } from '../support/run.ts'
import { type Client, clientOf } from './resource-client.ts'
import { keepsThings } from './resource-contract.ts'
import { drizzleProjects, generateThing } from './resource-projects.ts'

describe.each(drizzleProjects)('a resource of $name', ({ name, entry, message }) => {
  let app: Client

  beforeAll(async () => {
    const root = copyProject({ name })
    await ran(root, generateThing)
    await succeed(root, ['node_modules/drizzle-kit/bin.cjs', 'generate'])
    app = clientOf(root, entry)
    await app.ask('GET /things')
  })

  afterAll(() => app.close())

  keepsThings(() => app, message)
})
