export function plugins(app: App) { // the flow
  app.register(u)
}
