// Express 5 with what its users add for the same: headers, CORS, ids, a log line, limits, timing, metrics.
import { randomUUID } from 'node:crypto'
import cors from 'cors'
import express from 'express'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import pinoHttp from 'pino-http'
import responseTime from 'response-time'
import { greeting, measured, origin } from './measured.mjs'
import { measure } from './prometheus.mjs'

const limit = Number(process.env.RATE_LIMIT_DEFAULT_LIMIT)
const app = express()
app.use(cors({ origin, credentials: true }))
app.use(helmet())
app.use(
  pinoHttp({
    genReqId(_request, response) {
      const id = randomUUID()
      response.setHeader('x-request-id', id)
      return id
    },
  }),
)
app.use(rateLimit({ limit, windowMs: 60_000, standardHeaders: 'draft-8', legacyHeaders: true }))
app.use(responseTime())
app.use(measure('/hello'))
app.get('/hello', (_request, response) => response.json(greeting))
const server = app.listen(0, '127.0.0.1', () => measured({ port: server.address().port }))
