export async function plugins(app: App) {
  await app.register(u)
}
