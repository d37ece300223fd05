import Fastify from 'fastify'
import short from 'app/main'
import users from 'app/users/main'
import configs from 'configs'

const app = Fastify()
app.register(configs)
users(app)
app.register(short)
app.listen({ port: 3000 })
