import a from "a"
const services = { a, "content-type": 1 }
