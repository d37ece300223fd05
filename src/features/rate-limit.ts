import { configSection, envSection, registerPlugin } from './contributions.ts'
import { defineFeature } from './feature.ts'

export const rateLimit = defineFeature({
  id: 'rate-limit',
  title: 'Rate limiting',
  summary: 'Limits by address, user and API key, counted in memory or in Redis',
  requires: ['redis'],
  contributions: [
    configSection('rate-limit'),
    ...registerPlugin('addressLimit', 'address-limit'),
    ...registerPlugin('routeLimit', 'route-limit'),
    envSection('rateLimit'),
  ],
})
