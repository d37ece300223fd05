const u = require('./u')

app.register(u)
