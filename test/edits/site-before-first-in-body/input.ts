export default async function routes(app: FastifyInstance) {
  // about b
  await app.register(b)
}
