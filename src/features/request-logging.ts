import { configSection, documentation, envSection, registerPlugin } from './contributions.ts'
import { defineFeature } from './feature.ts'

export const requestLogging = defineFeature({
  id: 'request-logging',
  title: 'Request logging',
  summary: 'Query, headers, body and sizes of each request in its log line, masked',
  owned: { plugins: ['request-logging'], tests: ['request-logging'] },
  contributions: [
    configSection('request-logging'),
    ...registerPlugin('requestLogging', 'request-logging'),
    envSection('requestLogging'),
    ...documentation({
      title: 'Request logging',
      folders: ['`src/request-logging/`'],
      plugins: ['requestLogging'],
      variables: true,
    }),
  ],
})
