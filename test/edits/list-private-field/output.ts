class App {
  #plugins = [A, C]
}
