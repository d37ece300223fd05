export async function plugins(app: App): Promise<void> {
  await other.register(u)
}
