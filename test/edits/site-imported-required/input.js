'use strict'

const { app } = require('./app')

app.register(require('./a'))

app.listen({ port: 3000 })
