export async function plugins(app: App): Promise<void> {
  const x = await app.register(u)
}
