export * from "./a.js";
