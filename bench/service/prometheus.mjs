// What users of prom-client add to Express and Nest: a histogram of durations, by route and status.
import { Histogram } from 'prom-client'

const duration = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time to answer requests.',
  labelNames: ['method', 'route', 'status'],
})

/** A middleware that measures each request to `route`. */
export function measure(route) {
  return (request, response, next) => {
    const end = duration.startTimer()
    response.once('finish', () =>
      end({ method: request.method, route, status: response.statusCode }),
    )
    next()
  }
}
