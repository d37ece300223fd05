export async function plugins(app: App): Promise<void> {
  // Sorted.
  await app.register(u)
  await app.register(z)
}
