import Fastify from 'fastify'

const app = Fastify()
app.register(a);
`x`.trim()
log('a')
log('b')
log('c')
