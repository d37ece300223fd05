const services = {
  a: 1,
  ...rest,
}
