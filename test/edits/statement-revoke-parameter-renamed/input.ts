export async function plugins(server: App) {
  foo()
  await server.register(u)
}
