import { describe, expect, it, test } from 'vitest'
import type { Surroundings } from '../../../src/generators/generator.ts'
import { type RouterInput, router } from '../../../src/generators/router.ts'
import { renderFolder } from '../../../src/render/templates.ts'
import { inForeign, inService } from './surroundings.ts'

function plan(asked: Partial<RouterInput> = {}, surroundings: Surroundings = inService()) {
  return router.plan({ name: 'webhooks', ...asked }, surroundings)
}

/** The text of each file that is made. */
function rendered(asked: Partial<RouterInput>, surroundings?: Surroundings) {
  const { folders, data } = plan(asked, surroundings)
  const files = folders.flatMap((folder) => renderFolder(`generators/router/${folder}`, data))
  return Object.fromEntries(files.map(({ path, text }) => [path, text]))
}

describe('a router of a service', () => {
  it('is mounted among the resources, under the prefix of the API', () => {
    const planned = plan({ name: 'IncomingHooks' })
    expect(planned.head).toEqual({
      kind: 'router',
      name: 'incoming-hooks',
      args: { prefix: null, tag: 'incoming-hooks' },
    })
    expect(planned.registrations).toEqual([
      {
        file: 'src/routers/incoming-hooks.ts',
        name: 'incomingHooks',
        prefix: '/incoming-hooks',
        order: 'by-name',
        place: {
          folder: 'src/routers',
          by: 'site',
          site: { path: 'src/resources/index.ts', within: 'registerResources' },
        },
      },
    ])
    expect(planned.requires).toEqual([])
    expect(JSON.parse(JSON.stringify(planned))).toEqual(planned)
  })

  it('is mounted in the app factory, if it has a prefix', () => {
    const { head, registrations } = plan({ prefix: '/hooks/' })
    expect(head.args).toEqual({ prefix: '/hooks', tag: 'webhooks' })
    expect(registrations?.[0]).toMatchObject({
      order: 'last',
      place: { site: { path: 'src/app.ts', within: 'buildApp' } },
    })
  })

  it('is mounted where it is asked for', () => {
    const site = { path: 'src/app.ts', within: 'buildApp' }
    const place = { folder: 'src/routers', by: 'site', site } as const
    const { registrations, data } = plan({}, { ...inService(), place: () => place })
    expect(registrations?.[0]).toMatchObject({ order: 'last', place })
    expect(data.isUnderApi).toBe(false)
  })

  it('has a public health check, and a test that calls it', () => {
    const files = rendered({ tag: 'Hooks' })
    expect(Object.keys(files)).toEqual(['src/routers/webhooks.ts', 'test/api/webhooks.test.ts'])
    const source = files['src/routers/webhooks.ts']
    expect(source).toContain('mounted at `/webhooks`')
    expect(source).toContain("config: { access: 'public', quiet: true }")
    expect(source).toContain("operationId: 'getWebhooksHealth'")
    expect(source).toContain("tags: ['Hooks']")
    expect(files['test/api/webhooks.test.ts']).toContain('app.config.server.apiPrefix')
  })

  it('with a parameter in its prefix is tested with a value', () => {
    const files = rendered({ prefix: '/orgs/:org_id/hooks' })
    expect(files['test/api/webhooks.test.ts']).toContain("'/orgs/1/hooks'")
    expect(files['test/api/webhooks.test.ts']).not.toContain('apiPrefix')
  })
})

describe('a router that is there', () => {
  const before = plan({ prefix: '/hooks', tag: 'Hooks' })
  const surroundings = inService({
    units: [before.head],
    names: { 'test/api': ['webhooks.test.ts'] },
  })

  it('is the same when it is asked for in the same words, or in fewer', () => {
    expect(plan({ name: 'Webhooks', prefix: '/hooks/', tag: 'Hooks' }, surroundings)).toEqual(
      before,
    )
    expect(plan({}, surroundings)).toEqual(before)
  })

  test.each([{ prefix: '/other' }, { tag: 'webhooks' }])('is not generated with %j', (asked) => {
    expect(() => plan(asked, surroundings)).toThrow(
      expect.objectContaining({
        code: 'UNIT_DIFFERS',
        hint: expect.stringContaining('create-service destroy router webhooks'),
      }),
    )
  })

  it('keeps its prefix for itself', () => {
    const asked = { name: 'others', prefix: '/hooks' }
    expect(() => plan(asked, surroundings)).toThrow(
      'The path /hooks belongs to the router webhooks.',
    )
    expect(() => plan({ ...asked, prefix: '/hook' }, surroundings)).not.toThrow()
  })

  it('under the API gets no prefix later', () => {
    const units = [plan().head]
    expect(() => plan({ prefix: '/webhooks' }, inService({ units }))).toThrow('the usual one')
  })
})

describe('a router of another project', () => {
  test.each([
    [{}, 'src/things/web-hooks.ts', 'import type { FastifyInstance }'],
    [{ fileEnding: '.mts' }, 'src/things/web-hooks.mts', 'import type { FastifyInstance }'],
    [
      { language: 'javascript', fileEnding: '.mjs' },
      'src/things/web-hooks.mjs',
      'export default async function webHooks(app) {',
    ],
    [
      { language: 'javascript', module: 'commonjs', fileEnding: '.js' },
      'src/things/web-hooks.js',
      'module.exports = async function webHooks(app) {',
    ],
  ] as const)('is one file as %j has it', (habits, path, text) => {
    const files = rendered({ name: 'WebHooks' }, inForeign(habits, 'site'))
    expect(Object.keys(files)).toEqual([path])
    expect(files[path]).toContain(text)
    expect(files[path]).toContain("const prefix = '/web-hooks'")
  })

  it('is registered where the project registers such things', () => {
    const { registrations, packages, head } = plan({}, inForeign({}, 'site'))
    expect(registrations).toEqual([
      {
        file: 'src/things/webhooks.ts',
        name: 'webhooks',
        order: 'last',
        place: { folder: 'src/things', by: 'site', site: { path: 'src/app.ts' } },
      },
    ])
    expect(packages).toBeUndefined()
    expect(head.args).toEqual({ prefix: '/webhooks', tag: 'webhooks' })
  })

  it('is not put beside an index file that a loader takes instead', () => {
    const known = { names: { 'src/things': ['index.ts', 'other.ts'] } }
    expect(() => plan({}, inForeign({}, 'loader', known))).toThrow('loads index.ts and no other')
    expect(() => plan({}, inForeign({}, 'site', known))).not.toThrow()
  })
})
