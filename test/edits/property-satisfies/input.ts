export const services = {
  a: 1,
} as const satisfies Services
