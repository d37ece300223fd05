// A produced service with a resource that everyone may read, as it stands: `app item|list`.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { measured } from './measured.mjs'

const [app, mode] = process.argv.slice(2)
const built = (file) => import(pathToFileURL(join(app, 'dist', file)))
const { buildApp } = await built('app.js')
const { loadConfig } = await built('config/index.js')
const { BatchedOutput } = await built('observability/logger.js')

const logStream = new BatchedOutput(process.stdout.fd)
const server = await buildApp(loadConfig(process.env), { logStream })
await server.listen({ host: '127.0.0.1', port: 0 })

const url = '/api/v1/products'
const list = async () => (await server.inject(url)).json().data
for (let count = (await list()).length; count < 20; count += 1) {
  const payload = { name: `Product ${count}`, price: '9.99', stock: count }
  await server.inject({ method: 'POST', url, payload })
}
const [{ id }] = await list()
measured({ port: server.server.address().port, path: mode === 'item' ? `${url}/${id}` : url })
