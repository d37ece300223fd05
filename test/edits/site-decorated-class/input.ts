import Fastify from 'fastify'

@Controller('/x')
export class X {
  constructor(@Inject() private readonly app: unknown) {}

  @Get()
  register(app: { register(x: unknown): void }) {
    app.register(a)
  }
}

const app = Fastify()
app.register(a)
