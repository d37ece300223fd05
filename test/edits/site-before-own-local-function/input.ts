import Fastify from 'fastify'

const app = Fastify()
app.register(cors)
app.register(routes)

async function routes(app: FastifyInstance) {}
