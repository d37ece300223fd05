const services = {
  a: 1, // a
  c: 1
  // end
}
