// The sections.
export * from './z.ts'
