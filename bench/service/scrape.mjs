// What one scrape costs a service with twelve resources, each called with every usual result.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const self = fileURLToPath(import.meta.url)
const resources = 12
const statuses = [200, 201, 204, 401, 403, 404, 422]
const scrapes = 30

/** Prints the median time of a scrape in milliseconds; false if it is over the limit. */
export async function compareScrapes(app, env, most) {
  const result = execFileSync(process.execPath, [self, app], {
    env: { ...process.env, NODE_ENV: 'production', METRICS_ENABLED: 'true', ...env },
  })
  const { time, series } = JSON.parse(result)
  const words = time <= most.time ? `at most ${most.time}` : `OVER ${most.time}`
  const name = `a scrape, ${resources} resources, ${series} series`
  console.log(`${name.padEnd(44)} ${time.toFixed(1).padStart(6)} ms   ${words}`)
  return time <= most.time
}

async function measure(app) {
  const built = (file) => import(pathToFileURL(join(app, 'dist', file)))
  const { buildApp } = await built('app.js')
  const { loadConfig } = await built('config/index.js')
  const server = await buildApp(loadConfig(process.env), { logStream: { write() {} } })
  const routes = Array.from({ length: resources }, (_, i) => `/api/v1/resource-${i}`).flatMap(
    (url) => [
      { url, method: ['GET', 'POST'] },
      { url: `${url}/:id`, method: ['GET', 'PUT', 'PATCH', 'DELETE'] },
    ],
  )
  const handler = (request, reply) => reply.code(Number(request.headers['x-status'])).send()
  for (const route of routes) server.route({ ...route, handler })
  for (const { url, method } of routes) {
    for (const each of method) {
      for (const status of statuses) {
        await server.inject({ method: each, url, headers: { 'x-status': `${status}` } })
      }
    }
  }
  const times = []
  let series = 0
  for (let count = 0; count < scrapes; count += 1) {
    const begin = performance.now()
    const { body } = await server.inject('/metrics')
    times.push(performance.now() - begin)
    series = body.match(/^[^#]/gm).length
  }
  await server.close()
  return { time: times.toSorted((a, b) => a - b)[scrapes >> 1], series }
}

if (process.argv[1] === self) process.stdout.write(JSON.stringify(await measure(process.argv[2])))
