export async function plugins(app: App): Promise<void> {
  app.register(u)
}
