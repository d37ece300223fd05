import Fastify from 'fastify'

export function build() {
  return Fastify().register(a)
}
