export default async function routes(app: FastifyInstance) {
  await app.register(u)
  // about b
  await app.register(b)
}
