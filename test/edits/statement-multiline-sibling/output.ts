export async function plugins(app: App): Promise<void> {
  await app.register(a, {
    x: 1,
  })
  await app.register(u)
  await app.register(z)
}
