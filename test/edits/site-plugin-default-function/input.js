export default async function (fastify, opts) {
  await fastify.register(a)
}
