import Fastify from 'fastify'

const app = Fastify()
app.register(a);
app.register(u);
`x`.trim()
log('a')
log('b')
log('c')
