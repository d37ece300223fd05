import { defineFeature } from './feature.ts'

export const docker = defineFeature({
  id: 'docker',
  title: 'Docker',
  summary: 'Dockerfile, compose file and health check',
})
