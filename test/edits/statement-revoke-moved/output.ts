export async function plugins(app: App): Promise<void> {
  await app.register(z)
  if (dev) {
    foo()
  }
}
