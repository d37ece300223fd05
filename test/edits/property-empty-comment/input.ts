const services = {
  // none
}
