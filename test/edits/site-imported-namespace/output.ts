import * as core from './core.js'

core.app.register(a)
core.app.register(u)

core.app.listen({ port: core.port })
