const app = {
  services: {
    a: 1,
  },
  other: 1,
}
