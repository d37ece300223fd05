export async function plugins(app: App): Promise<void> {
  await other.register(u)
  await app.register(u)
}
