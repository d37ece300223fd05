import Fastify from 'fastify'

const plugins = [a, b]

export async function build() {
  const app = Fastify()
  for (const plugin of plugins) {
    await app.register(plugin)
  }
  return app
}
