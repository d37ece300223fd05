// Loaded ahead of a project's own entry, see probe.ts.
import { subscribe } from 'node:diagnostics_channel'

const questions = process.argv.slice(2)
const instances = []

subscribe('fastify.initialization', ({ fastify }) => {
  instances.push(fastify)
  fastify.listen = listen
})

/** Does all that listening does but for the port, under both signatures. */
async function listen(...args) {
  const address = 'http://127.0.0.1:0'
  const callback = args.at(-1)
  if (typeof callback !== 'function') return this.ready().then(() => address)
  this.ready((error) => callback(error, address))
}

// Without a port nothing keeps the process alive: it is about to end when the start is over.
process.once('beforeExit', async () => {
  const probed = []
  for (const instance of instances) {
    await instance.ready()
    probed.push({
      answers: await answersOf(instance),
      plugins: instance.printPlugins(),
      routes: instance.printRoutes({ method: 'GET', includeHooks: true, commonPrefix: false }),
    })
  }
  process.send({ probed })
})

async function answersOf(instance) {
  const answers = {}
  for (const question of questions) {
    const [method, url] = question.split(' ')
    const { statusCode: status, headers, payload } = await instance.inject({ method, url })
    const isJson = headers['content-type']?.includes('json')
    answers[question] = { status, body: isJson ? JSON.parse(payload) : payload }
  }
  return answers
}
