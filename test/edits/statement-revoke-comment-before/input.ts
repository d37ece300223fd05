export async function plugins(app: App): Promise<void> {
  /* mine */ await app.register(u)
}
