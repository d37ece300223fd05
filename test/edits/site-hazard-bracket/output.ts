import Fastify from 'fastify'

const app = Fastify()
app.register(a);
app.register(u);
[1, 2].forEach(log)
log('a')
log('b')
log('c')
