export async function plugins(options: O) {
  const app = Fastify()
  await app.register(u)
  return app
}
