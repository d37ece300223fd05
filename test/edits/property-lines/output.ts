export const services = {
  a: 1,
  b,
  c: 1,
}
