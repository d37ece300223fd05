// Prints what a service measures and which variables it reads, as JSON in one line. It runs in the service's folder, with tsx.
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const load = (file) => import(pathToFileURL(join(process.cwd(), 'src', file)).href)
const { buildApp } = await load('app.ts')
const { loadConfig, settings } = await load('config/index.ts')

const app = await buildApp(loadConfig(process.env))
await app.ready()
const own = app.metrics.groups().flatMap(({ definitions }) =>
  Object.values(definitions).map(({ name, kind, labels }) => ({
    name,
    kind,
    // A list of values, or null for text that is known only at run time.
    labels: Object.fromEntries(
      Object.entries(labels).map(([label, values]) => [label, Array.isArray(values) ? values : null]),
    ),
  })),
)
const known = new Set(own.map(({ name }) => name))
const others = (await app.metrics.collect())
  .filter(({ name }) => !known.has(name))
  .map(({ name, kind }) => ({ name, kind, labels: null }))
await app.close()
const variables = settings.map(({ schema }) => schema.env)
process.stdout.write(`\n${JSON.stringify({ metrics: [...own, ...others], variables })}\n`)
