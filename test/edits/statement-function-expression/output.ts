export const plugins = async function (app: App) {
  foo()
  await app.register(u)
}
