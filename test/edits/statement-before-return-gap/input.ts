export async function plugins(app: App): Promise<void> {
  const overrides = {}

  // done
  return overrides
}
