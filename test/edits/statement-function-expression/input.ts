export const plugins = async function (app: App) {
  foo()
}
