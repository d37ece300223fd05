const services = {
  a() {
    return 1
  },
  get b() {
    return 1
  },
  c: 1,
}
