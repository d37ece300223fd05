const plugins = ['@fastify/cors', '@fastify/jwt']
