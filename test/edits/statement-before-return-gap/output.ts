export async function plugins(app: App): Promise<void> {
  const overrides = {}
  await database(overrides)

  // done
  return overrides
}
