class App {
  static plugins = [
    A,
    C,
  ]
}
class Other {
  plugins = [B]
}
