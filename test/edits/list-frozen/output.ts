export const plugins = Object.freeze([A, B, C] as const)
