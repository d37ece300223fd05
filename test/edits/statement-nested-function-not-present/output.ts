export async function plugins(app: App): Promise<void> {
  app.register(async (app) => {
    await app.register(u)
  })
  app.register(u)
}
