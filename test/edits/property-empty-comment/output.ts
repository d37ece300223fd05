const services = {
  c: 1,
  // none
}
