// A produced service as it stands, with one route more: `app [known|evalsha]`.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { greeting, measured } from './measured.mjs'

const [app, mode] = process.argv.slice(2)
const built = (file) => import(pathToFileURL(join(app, 'dist', file)))
const { buildApp } = await built('app.js')
const { loadConfig } = await built('config/index.js')
const { BatchedOutput } = await built('observability/logger.js')

// As `src/server.ts` does.
for (let call = 0; call < 10_000; call += 1) process.nextTick(() => {})
const logStream = new BatchedOutput(process.stdout.fd)
const server = await buildApp(loadConfig(process.env), { logStream })
if (mode === 'evalsha') {
  const sha = await server.redis.script('LOAD', 'return 1')
  server.addHook('onRequest', async () => server.redis.evalsha(sha, 1, 'nothing'))
}
const config = { access: mode === 'known' ? 'authenticated' : 'public' }
const response = { 200: { type: 'object', properties: { hello: { type: 'string' } } } }
server.get('/hello', { config, schema: { response } }, async () => greeting)
await server.listen({ host: '127.0.0.1', port: 0 })
const headers = mode === 'known' ? { authorization: `Bearer ${await token()}` } : {}
measured({ port: server.server.address().port, headers })

/** Of a user that is made for it. */
async function token() {
  const payload = { email: `bench-${process.pid}@example.com`, password: 'a long pass phrase' }
  const post = (name) => server.inject({ method: 'POST', url: `/api/v1/auth/${name}`, payload })
  await post('register')
  return (await post('login')).json().accessToken
}
