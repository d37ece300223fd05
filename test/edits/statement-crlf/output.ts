export async function plugins(app: App) {
  foo()
  await app.register(u)
}
