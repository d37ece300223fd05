export async function plugins(app: App): Promise<void> {
  ;[1].map(f)
  await app.register(u)
  await app.register(z)
}
