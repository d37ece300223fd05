const services = {
  a: 1, // a, b
  c: 1,
  // end
}
