export async function other(app: App) {
  await app.register(u)
}
