export async function plugins(app: App): Promise<void> {
  // One line a plugin.
}
