const plugins = ['@fastify/cors', '@fastify/env', '@fastify/jwt']
