import fastify = require('fastify')
const app = fastify();
app.register(u);
app.listen({ port: 3000 });
