import Fastify from 'fastify'

export async function build() {
  const metrics = Fastify()
  const api = Fastify()
  return { api, metrics }
}
