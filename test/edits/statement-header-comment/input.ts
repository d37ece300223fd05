export async function plugins(app: App): Promise<void> {
  // Sorted.
  await app.register(z)
}
