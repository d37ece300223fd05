import { documentation } from './contributions.ts'
import { defineFeature } from './feature.ts'

export const docker = defineFeature({
  id: 'docker',
  title: 'Docker',
  summary: 'Dockerfile, compose file and health check',
  contributions: documentation({ title: 'Docker', readme: ['Run it in a container'] }),
})
