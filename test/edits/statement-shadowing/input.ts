export async function plugins(app: App): Promise<void> {
  const f = (app: X) => app.register(z)
  await app.register(a)
}
