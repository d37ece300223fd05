const x = require(path)
const y = require(`./u${n}`)
