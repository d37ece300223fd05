class App {
  static plugins = [
    A,
  ]
}
class Other {
  plugins = [B]
}
