import {
  configSection,
  dashboardRow,
  documentation,
  envSection,
  registerPlugin,
} from './contributions.ts'
import { defineFeature } from './feature.ts'

export const resilience = defineFeature({
  id: 'resilience',
  title: 'Resilience',
  summary: 'Retries, circuit breakers, timeouts and bulkheads for calls to other services',
  owned: {
    paths: ['circuit-breakers', 'price-checks'],
    operations: ['checkPrices', 'listCircuits', 'resetCircuit'],
    plugins: ['example-client', 'resilience'],
    tests: ['circuit-breakers', 'example-client'],
  },
  contributions: [
    configSection('resilience'),
    ...registerPlugin('resilience', 'resilience'),
    ...registerPlugin('exampleClient', 'clients', 'example'),
    envSection('resilience'),
    dashboardRow('Circuit breakers'),
    dashboardRow('External services'),
    dashboardRow('Retries'),
    ...documentation({
      title: 'Resilience',
      folders: ['`src/resilience/`', '`src/clients/`'],
      plugins: ['resilience', 'exampleClient'],
      variables: true,
      metrics: true,
    }),
  ],
})
