export async function plugins(app: App): Promise<void> {
  if (x) {
  }
  [1].map(f)
  return app
}
