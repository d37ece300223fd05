// Nest on Fastify with what its users add for the same: headers, CORS, ids, a log line, limits, timing, metrics.
import 'reflect-metadata'
import { randomUUID } from 'node:crypto'
import helmet from '@fastify/helmet'
import { Controller, Get, Module } from '@nestjs/common'
import { APP_GUARD, NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler'
import pinoHttp from 'pino-http'
import responseTime from 'response-time'
import { greeting, measured, origin } from './measured.mjs'
import { measure } from './prometheus.mjs'

class HelloController {
  hello() {
    return greeting
  }
}
const handler = Object.getOwnPropertyDescriptor(HelloController.prototype, 'hello')
Get()(HelloController.prototype, 'hello', handler)
Controller('hello')(HelloController)

class AppModule {}
const limit = Number(process.env.RATE_LIMIT_DEFAULT_LIMIT)
Module({
  imports: [ThrottlerModule.forRoot([{ ttl: 60_000, limit }])],
  controllers: [HelloController],
  providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
})(AppModule)

const app = await NestFactory.create(AppModule, new FastifyAdapter(), { logger: false })
await app.register(helmet)
app.enableCors({ origin, credentials: true })
app.use(
  pinoHttp({
    genReqId(_request, response) {
      const id = randomUUID()
      response.setHeader('x-request-id', id)
      return id
    },
  }),
)
app.use(responseTime())
app.use(measure('/hello'))
await app.listen(0, '127.0.0.1')
measured({ port: app.getHttpServer().address().port })
