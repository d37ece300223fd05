export async function plugins(options: O) {
  const app = Fastify()
  return app
}
