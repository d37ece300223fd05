class App {
  private readonly plugins = [A, B, C]
}
