export async function plugins(app: App): Promise<void> {
  app.withTypeProvider<Z>().register(u)
}
