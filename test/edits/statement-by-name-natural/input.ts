export async function plugins(app: App): Promise<void> {
  await app.register(v2)
  await app.register(v10)
}
