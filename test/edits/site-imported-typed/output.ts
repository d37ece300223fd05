import app from './app.js'

const typed = app.withTypeProvider<X>()

typed.register(a)
typed.register(u)

typed.listen({ port: 3000 })
