const services = {
  "a": 1,
  "b": 2,
}
