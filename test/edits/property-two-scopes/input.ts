const services = { a }
class A {
  services = { b }
}
