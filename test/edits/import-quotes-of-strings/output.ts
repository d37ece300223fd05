import u from "./u.js"

foo("a", "b")
