import a from "a"
const services = { a }
