import Fastify from 'fastify'

export function build(secure: boolean) {
  let app
  if (secure) {
    app = Fastify({ https })
  } else {
    app = Fastify()
  }
  return app
}
