import { join } from 'node:path'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { copiedService } from '../support/copied-service.ts'
import { installedService } from '../support/installed-service.ts'
import { serving, succeed } from '../support/processes.ts'
import { warningsIn } from '../support/warnings.ts'

/* What a newcomer does first: create a service with the packed program, test it, serve it. */

const env = { CI: 'true', DATABASE_URL: undefined, REDIS_URL: undefined }

describe('the first service', () => {
  let root: string
  let own: string
  let output: string

  beforeAll(async () => {
    const installed = await installedService(inject('scratch'))
    output = installed.output
    root = copiedService(installed.root)
    own = join(root, 'node_modules/.bin/create-service')
  })

  it('is created and installed without a warning', () => {
    expect(warningsIn(output)).toEqual([])
    expect(output).toContain('Done')
  })

  it('passes its API tests', async () => {
    const printed = await succeed(root, [own, 'dev', 'test', '-m', 'api'], env)
    expect(printed).toMatch(/Tests +\d+ passed/)
  })

  it('serves its documentation, and problems for what is missing', async () => {
    const server = await serving(root, (port) => [own, 'dev', 'serve', '-p', `${port}`], env)
    try {
      expect((await fetch(`${server.url}/docs/`)).status).toBe(200)
      const missing = await fetch(`${server.url}/api/v1/nothing`)
      expect(missing.status).toBe(404)
      expect(missing.headers.get('content-type')).toMatch(/^application\/problem\+json/)
      expect(await server.stop('SIGINT', 'group')).toBe(0)
    } finally {
      await server.stop('SIGKILL', 'group')
    }
  })
})
