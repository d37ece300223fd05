const services = {
  a: 1, // a, b
  // end
}
