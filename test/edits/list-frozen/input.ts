export const plugins = Object.freeze([A, B] as const)
