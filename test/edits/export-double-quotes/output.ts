export * from "./a.js";
export * from "./u.ts";
