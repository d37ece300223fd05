import fastify = require('fastify')
const app = fastify();
app.listen({ port: 3000 });
