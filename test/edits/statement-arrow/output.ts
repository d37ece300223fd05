export const plugins = async (app: App) => {

  await app.register(u)
}
