import * as f from 'fastify'

const app = f.fastify()
app.register(a)
app.register(u)
