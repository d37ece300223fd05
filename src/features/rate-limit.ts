import {
  commandGroup,
  configSection,
  dashboardRow,
  documentation,
  envSection,
  registerPlugin,
  routeVariable,
} from './contributions.ts'
import { defineFeature } from './feature.ts'

export const rateLimit = defineFeature({
  id: 'rate-limit',
  title: 'Rate limiting',
  summary: 'Limits by address, user and API key, counted in memory or in Redis',
  requires: ['redis'],
  dependencies: ['lru-cache'],
  owned: {
    paths: ['rate-limits'],
    operations: ['getClientLimits', 'listRefusedRequests', 'resetClientLimits'],
    plugins: ['address-limit', 'rate-limit-routes', 'route-limit'],
    tests: ['rate-limit', 'rate-limit-identity', 'rate-limit-routes'],
  },
  contributions: [
    configSection('rate-limit'),
    ...registerPlugin('addressLimit', 'rate-limit'),
    ...registerPlugin('rateLimitRoutes', 'rate-limit'),
    ...registerPlugin('routeLimit', 'rate-limit'),
    ...commandGroup('rateLimitCommands', 'rate-limit'),
    routeVariable('RATE_LIMIT_ENABLED', "'true'"),
    routeVariable('RATE_LIMIT_MODE', "'report-only'"),
    envSection('rateLimit'),
    dashboardRow('Rate limiting'),
    ...documentation({
      title: 'Rate limiting',
      folders: ['`src/rate-limit/`'],
      plugins: ['addressLimit', 'routeLimit', 'rateLimitRoutes'],
      variables: true,
      metrics: true,
      monitor: ['`monitor rate-limits --top 20`'],
    }),
  ],
})
