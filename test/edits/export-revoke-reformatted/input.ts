export * from "./u";
export * from './z.ts'
