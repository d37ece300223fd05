export async function plugins(server: App) {
  foo()
}
