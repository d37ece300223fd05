const services = {
  a: 1,
  d: 1
}
