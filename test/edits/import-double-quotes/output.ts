import a from "a"
import b from "b"
import u from "./u.ts"
