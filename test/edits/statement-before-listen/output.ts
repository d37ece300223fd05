export async function plugins(app: App): Promise<void> {
  foo()
  await app.register(u)
  await app.ready()
  await app.listen({ port: 1 })
}
