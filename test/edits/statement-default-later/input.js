const plugins = async (app) => {
  foo()
}
export default plugins
