export const services = {
  a: 1,
  c: 1,
} as const satisfies Services
