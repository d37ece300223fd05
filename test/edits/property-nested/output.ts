const app = {
  services: {
    a: 1,
    c: 1,
  },
  other: 1,
}
