class App {
  #plugins = [A]
}
