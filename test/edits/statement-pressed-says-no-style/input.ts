export async function plugins(app: FastifyInstance) {
  foo();
  [1].map(f)
}
