export async function plugins(app: App): Promise<void> {
  if (dev) {
    await app.register(a)
  }
  foo()
}
