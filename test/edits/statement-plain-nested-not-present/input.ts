export async function plugins(app: App): Promise<void> {
  const later = async () => {
    await u(app)
  }
}
