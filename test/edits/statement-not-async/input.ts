export function plugins(app: App) {
  app.register(a)
}
