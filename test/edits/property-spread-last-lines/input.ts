const services = {
  a: 1,
  // what is given wins
  ...rest,
}
