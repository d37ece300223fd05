class App {
  plugins
  constructor() {
    this.plugins = [A, C]
  }
}
