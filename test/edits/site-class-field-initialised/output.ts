import Fastify from 'fastify'

@injectable()
export class Server {
  private readonly app = Fastify()

  constructor(@inject(Config) config: Config) {
    this.app.get('/', index)
    this.app.register(u)
  }
}
