const services = {
  a: 1
}
