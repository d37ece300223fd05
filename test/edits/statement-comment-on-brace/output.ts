export async function plugins(app: App) { // the flow

  await app.register(u)
}
