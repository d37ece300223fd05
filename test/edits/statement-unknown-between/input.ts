export async function plugins(app: App): Promise<void> {
  await app.register(a)
  await app.register(q)
  await app.register(z)
  await app.register(q2)
}
