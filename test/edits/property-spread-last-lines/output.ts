const services = {
  a: 1,
  c: 1,
  // what is given wins
  ...rest,
}
