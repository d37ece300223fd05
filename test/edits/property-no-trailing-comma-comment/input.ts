const services = {
  a: 1 // a
  // end
}
