export async function plugins(app: App): Promise<void> {
  await app.register(u, {
    prefix: '/u',
  })
}
