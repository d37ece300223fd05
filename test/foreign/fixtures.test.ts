import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { complaintsOf, copyProject, isTyped } from '../support/foreign.ts'
import { probe } from '../support/probe.ts'
import { closedProjects } from './closed-projects.ts'
import { openProjects } from './open-projects.ts'

const projects = [...openProjects, ...closedProjects]
const servers = projects.filter(({ serves }) => Object.keys(serves).length > 0)

// What the other tests of this folder build upon: that the projects work before we touch them.
describe('a project made elsewhere', () => {
  it.each(projects.filter(isTyped))('$name typechecks', async (project) => {
    const root = copyProject(project)
    expect(await complaintsOf(join(root, project.folder ?? ''))).toBe('')
  })

  it.each(servers)('$name starts and answers', async (project) => {
    const instances = await probe(join(copyProject(project), project.entry), [
      ...Object.keys(project.serves),
      'GET /webhooks/health',
    ])
    for (const [question, body] of Object.entries(project.serves)) {
      const answers = instances.map((instance) => instance.answers[question])
      expect(answers, question).toContainEqual({ status: 200, body })
    }
    for (const { answers, plugins } of instances) {
      expect(answers['GET /webhooks/health']).toMatchObject({ status: 404 })
      expect(plugins).not.toContain('audit-log')
    }
    expect(instances).toHaveLength(project.name === 'two-instances' ? 2 : 1)
  })
})
