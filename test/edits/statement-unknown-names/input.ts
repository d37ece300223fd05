export async function plugins(app: App): Promise<void> {
  await app.register(b)
  await app.register(q)
}
