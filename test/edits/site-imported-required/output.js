'use strict'

const { app } = require('./app')

app.register(require('./a'))
app.register(u)

app.listen({ port: 3000 })
