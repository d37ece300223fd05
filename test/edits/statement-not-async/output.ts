export function plugins(app: App) {
  app.register(a)
  app.register(u)
}
