import Fastify from 'fastify'

export async function build() {
  const app = Fastify()
  try {
    await app.register(a)
    await app.register(u)
  } catch (error) {
    await app.close()
    throw error
  }
  return app
}
