import { expect, it } from 'vitest'
import { addressLines } from '../../../../src/dev/serve/addresses.ts'
import { settingsOf } from '../../../../src/dev/serve/settings.ts'
import { portTaken } from '../../../../src/dev/serve/taken.ts'

const source = `port: Type.Integer({ env: 'PORT', default: 8123, minimum: 0 }),
host: Type.String({
    env: 'HOST',
    default: '127.0.0.1',
}), apiPrefix: Type.String({ env: 'API_PREFIX', default: '/api/v2', pattern: '^/' })`
const local = { host: '127.0.0.1', port: 8000 }

it('names what a service offers', () => {
  expect(addressLines(local, settingsOf({}, undefined, source))).toEqual([
    '  API      http://127.0.0.1:8000/api/v2',
    '  docs     http://127.0.0.1:8000/docs',
    '  health   http://127.0.0.1:8000/health/ready',
  ])
})

it('names the machine and the network where every interface is open', () => {
  const settings = settingsOf({ API_PREFIX: '/api/v1', DOCS_ENABLED: 'false' })
  expect(addressLines({ host: '0.0.0.0', port: 80 }, settings, '10.0.0.7')).toEqual([
    '  API      http://localhost:80/api/v1',
    '  health   http://localhost:80/health/ready',
    '  network  http://10.0.0.7:80',
  ])
})

it('puts an address of IPv6 in brackets', () => {
  const [first] = addressLines({ host: '::1', port: 80 }, settingsOf({}))
  expect(first).toContain('http://[::1]:80')
})

it('promises nothing that the source no longer says', () => {
  const lines = addressLines(local, settingsOf({}, undefined, 'prefix()'))
  expect(lines.join()).not.toContain('API')
  expect(settingsOf({}, undefined, 'host()').host).toBeUndefined()
})

it.each([
  ['no default, which is the source’s', {}, undefined, undefined],
  ['.env', {}, 'PORT=9000', 9000],
  ['the environment before .env', { PORT: '9001' }, 'PORT=9000', 9001],
  ['no .env in production', { NODE_ENV: 'production' }, 'PORT=9000', undefined],
  ['the choice of the system', { PORT: '0' }, undefined, undefined],
  ['nothing that the service will refuse', { PORT: 'abc' }, undefined, undefined],
])('reads the port: %s', (_name, env, file, port) => {
  expect(settingsOf(env, file, source).port).toBe(port)
})

it('knows of no docs in production', () => {
  expect(settingsOf({ NODE_ENV: 'production' }, undefined).docs).toBe(false)
  expect(settingsOf({ NODE_ENV: 'production', DOCS_ENABLED: '1' }, undefined).docs).toBe(true)
})

it('says who holds a port, as far as it is known', () => {
  const known = portTaken('127.0.0.1', 8000, { pid: 4711, command: 'node dist/server.js' }, 8001)
  expect(known.message).toBe(
    'Port 8000 on 127.0.0.1 is taken by process 4711 (node dist/server.js).',
  )
  expect(known.hint).toContain('--port 8001')
  expect(portTaken('::', 80, undefined, 81).message).not.toMatch(/process \d/)
})
