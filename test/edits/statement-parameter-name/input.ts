export async function plugins(server: App) {
  await server.register(a)
}
