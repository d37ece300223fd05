async function plugins(app: App) {
  foo()
}
