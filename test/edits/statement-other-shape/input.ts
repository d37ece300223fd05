export async function plugins(app: App): Promise<void> {
  await app.use(x)
  log(y)
}
