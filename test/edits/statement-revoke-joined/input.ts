export async function plugins(app: App): Promise<void> {
  foo(); await app.register(u)
}
