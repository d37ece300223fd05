export const plugins = async (app: App) => app.register(a)
