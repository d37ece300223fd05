import { describe, expect, it, test } from 'vitest'
import type { Surroundings } from '../../../src/generators/generator.ts'
import { type MiddlewareInput, middleware } from '../../../src/generators/middleware.ts'
import { renderFolder } from '../../../src/render/templates.ts'
import { inForeign, inService } from './surroundings.ts'

function plan(asked: Partial<MiddlewareInput> = {}, surroundings: Surroundings = inService()) {
  return middleware.plan({ name: 'audit', ...asked }, surroundings)
}

/** The text of each file that is made. */
function rendered(asked: Partial<MiddlewareInput>, surroundings?: Surroundings) {
  const { folders, data } = plan(asked, surroundings)
  const files = folders.flatMap((folder) => renderFolder(`generators/middleware/${folder}`, data))
  return Object.fromEntries(files.map(({ path, text }) => [path, text]))
}

function orderOf(asked: Partial<MiddlewareInput>, surroundings?: Surroundings) {
  return plan(asked, surroundings).registrations?.[0]?.order
}

describe('a middleware of a service', () => {
  it('is registered behind the plugins, or beside one of them', () => {
    const planned = plan({ name: 'RequestAudit' })
    expect(planned.head).toEqual({
      kind: 'middleware',
      name: 'request-audit',
      args: { order: 'last' },
    })
    expect(planned.registrations).toEqual([
      {
        file: 'src/http/request-audit.ts',
        name: 'requestAudit',
        order: 'last',
        place: {
          folder: 'src/http',
          by: 'site',
          site: { path: 'src/plugins.ts', within: 'registerPlugins' },
        },
      },
    ])
    expect(planned.packages).toBeUndefined()
    expect(JSON.parse(JSON.stringify(planned))).toEqual(planned)
  })

  test.each([
    [{ after: 'errors' }, { after: 'errors' }],
    [{ after: 'request-id' }, { after: 'requestId' }],
    [{ before: 'not-found.ts' }, { before: 'notFound' }],
    [{ before: 'APIKey_2' }, { before: 'APIKey_2' }],
  ])('%j is %j', (asked, order) => {
    expect(orderOf(asked)).toEqual(order)
  })

  it('logs at debug, and has a test', () => {
    const files = rendered({})
    expect(Object.keys(files)).toEqual([
      'src/http/audit.ts',
      'test/integration/audit-plugin.test.ts',
    ])
    const source = files['src/http/audit.ts']
    expect(source?.match(/request\.log\.\w+/g)).toEqual(Array(3).fill('request.log.debug'))
    expect(source?.match(/'on\w+'/g)).toEqual(["'onRequest'", "'onResponse'", "'onError'"])
    expect(source).toContain("const name = 'audit'")
  })

  it('keeps its place', () => {
    const before = plan({ after: 'request-id' })
    const surroundings = inService({
      units: [before.head],
      names: { 'src/http': ['audit.ts'] },
    })
    expect(plan({}, surroundings)).toEqual(before)
    expect(plan({ name: 'Audit', after: 'requestId' }, surroundings)).toEqual(before)
    expect(() => plan({ before: 'requestId' }, surroundings)).toThrow(
      expect.objectContaining({
        code: 'UNIT_DIFFERS',
        message: 'The middleware audit is there with another order: after requestId.',
        hint: expect.stringContaining('create-service destroy middleware audit'),
      }),
    )
  })

  it('does not take the name of a plugin', () => {
    const surroundings = inService({ names: { 'src/http': ['errors.ts', 'audit.ts'] } })
    const expected = expect.objectContaining({ code: 'NAME_TAKEN', exitCode: 3 })
    expect(() => plan({}, surroundings)).toThrow(expected)
    expect(() => plan({ name: 'audits' }, surroundings)).not.toThrow()
  })

  test.each<Partial<MiddlewareInput>>([
    { after: 'errors', before: 'health' },
    { after: '' },
    { after: 'a b' },
    { before: '../a' },
    { before: '1a' },
    { after: 'audit' },
    { name: 'fp' },
    { name: 'app' },
  ])('%j is wrong', (asked) => {
    expect(() => plan(asked)).toThrow(expect.objectContaining({ exitCode: 2 }))
  })
})

describe('a middleware of another project', () => {
  test.each([
    [{}, 'src/things/request-audit.ts', "import fp from 'fastify-plugin'\n"],
    [
      { language: 'javascript', fileEnding: '.js' },
      'src/things/request-audit.js',
      "import fp from 'fastify-plugin'\n",
    ],
    [
      { language: 'javascript', module: 'commonjs', fileEnding: '.cjs' },
      'src/things/request-audit.cjs',
      "const fp = require('fastify-plugin')\n",
    ],
  ] as const)('is one file as %j has it', (habits, path, text) => {
    const files = rendered({ name: 'RequestAudit' }, inForeign(habits, 'site'))
    expect(Object.keys(files)).toEqual([path])
    expect(files[path]).toContain(text)
    expect(files[path]).toContain("const name = 'request-audit'")
    expect(files[path]?.match(/request\.log\.\w+/g)).toEqual([
      'request.log.debug',
      'request.log.info',
      'request.log.error',
    ])
  })

  it.each([
    ['4.0', 'routerPath', 'getResponseTime()'],
    ['4.9', 'routerPath', 'getResponseTime()'],
    ['4.10', 'routeOptions.url', 'getResponseTime()'],
    ['4.25', 'routeOptions.url', 'getResponseTime()'],
    ['4.26', 'routeOptions.url', 'elapsedTime'],
    ['5.0', 'routeOptions.url', 'elapsedTime'],
  ])('asks a request of Fastify %s only what it can answer', (version, route, duration) => {
    const [major = 0, minor = 0] = version.split('.').map(Number)
    for (const module of ['esm', 'commonjs'] as const) {
      const surroundings = inForeign({ language: 'javascript', module, fileEnding: '.js' }, 'site')
      const around = { ...surroundings, versionOf: () => ({ major, minor }) }
      const text = Object.values(rendered({}, around)).join('')
      expect(text).toContain(`route: ${route} }`)
      expect(text).toContain(`Math.round(reply.${duration})`)
    }
  })

  it('meets the routes of the project, and brings fastify-plugin for its Fastify', () => {
    const surroundings = inForeign({}, 'site')
    expect(orderOf({}, surroundings)).toEqual({ beforeOwn: [] })
    const earlier = { kind: 'middleware', name: 'request-id', args: {} } as const
    const later = inForeign({}, 'site', { units: [earlier] })
    expect(orderOf({}, later)).toEqual({ beforeOwn: ['requestId'] })
    expect(orderOf({ after: 'cors' }, surroundings)).toEqual({ after: 'cors' })
    expect(plan({}, surroundings).packages).toEqual({
      'fastify-plugin': expect.stringMatching(/^\^6\./),
    })
    expect(plan({}, inForeign({ fastify: 4 }, 'site')).packages).toEqual({
      'fastify-plugin': expect.stringMatching(/^\^4\./),
    })
  })

  it('has no chosen place where a loader registers it', () => {
    const surroundings = inForeign({}, 'loader')
    expect(plan({}, surroundings).registrations?.[0]?.place.by).toBe('loader')
    expect(() => plan({ after: 'cors' }, surroundings)).toThrow('no line says in which order')
  })
})
