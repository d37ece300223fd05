const services = {
  c: c,
}
