import {
  commandGroup,
  configSection,
  dashboardRow,
  documentation,
  envSection,
  registerPlugin,
} from './contributions.ts'
import { defineFeature } from './feature.ts'

export const cache = defineFeature({
  id: 'cache',
  title: 'Cache',
  summary: 'Four caching strategies and cached routes, in memory and in Redis',
  requires: ['redis'],
  dependencies: ['lru-cache'],
  owned: {
    plugins: ['cache', 'route-cache'],
    tests: ['cache'],
  },
  contributions: [
    configSection('cache'),
    ...registerPlugin('cache', 'cache'),
    ...registerPlugin('routeCache', 'cache'),
    ...commandGroup('cacheCommands', 'cache'),
    envSection('cache'),
    dashboardRow('Cache'),
    ...documentation({
      title: 'Cache',
      folders: ['`src/cache/`'],
      plugins: ['cache', 'routeCache'],
      variables: true,
      metrics: true,
      commands: 'cache',
    }),
  ],
})
