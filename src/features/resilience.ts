import { configSection, envSection, registerPlugin } from './contributions.ts'
import { defineFeature } from './feature.ts'

export const resilience = defineFeature({
  id: 'resilience',
  title: 'Resilience',
  summary: 'Retries, circuit breakers, timeouts and bulkheads for calls to other services',
  contributions: [
    configSection('resilience'),
    ...registerPlugin('resilience', 'resilience'),
    ...registerPlugin('exampleClient', 'clients', 'example'),
    envSection('resilience'),
  ],
})
