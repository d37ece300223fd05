import {
  composeDependency,
  composeService,
  composeVariable,
  composeVolume,
  configSection,
  documentation,
  envSection,
  registerPlugin,
} from './contributions.ts'
import { defineFeature } from './feature.ts'

export const redis = defineFeature({
  id: 'redis',
  title: 'Redis',
  summary: 'The Redis connection that features share',
  internal: true,
  dependencies: ['ioredis'],
  owned: { plugins: ['redis'] },
  contributions: [
    configSection('redis'),
    ...registerPlugin('redis', 'redis'),
    envSection('redis'),
    composeService('redis'),
    composeVolume('redis'),
    composeVariable('REDIS_URL'),
    composeDependency('redis'),
    ...documentation({
      title: 'Redis',
      readme: ['Use Redis'],
      folders: ['`src/redis/`'],
      plugins: ['redis'],
      variables: true,
    }),
  ],
})
