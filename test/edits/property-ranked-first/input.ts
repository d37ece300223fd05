const services = {
  d: 1,
}
