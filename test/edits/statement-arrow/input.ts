export const plugins = async (app: App) => {
}
