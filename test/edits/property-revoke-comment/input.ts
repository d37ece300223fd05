const services = {
  a,
  c, // mine
}
