import Fastify from 'fastify'

const server = Fastify();
(async () => {
  await server.register(a);
  await server.listen({ port: 3000 });
})();
