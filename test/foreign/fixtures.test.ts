import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { someOf } from '../support/effort.ts'
import { complaintsOf, copyProject, isTyped } from '../support/foreign.ts'
import { probe } from '../support/probe.ts'
import { closedProjects } from './closed-projects.ts'
import { followedProjects } from './followed-projects.ts'
import { openProjects } from './open-projects.ts'
import { health } from './words.ts'

const all = [...openProjects, ...closedProjects, ...followedProjects]
const projects = someOf('projects', all, 6)
const instances: Readonly<Record<string, number>> = { 'two-instances': 2, 'no-instance': 0 }

// What the other tests of this folder build upon: that the projects work before we touch them.
describe('a project made elsewhere', () => {
  it.each(projects)('$name typechecks, starts and answers', async (project) => {
    const { name, folder = '', entry, serves } = project
    const root = copyProject(project)
    const [complaints, probed] = await Promise.all([
      isTyped(project) ? complaintsOf(join(root, folder)) : '',
      probe(join(root, entry), [...Object.keys(serves), health]),
    ])
    expect(complaints).toBe('')
    expect(probed).toHaveLength(instances[name] ?? 1)
    for (const [question, body] of Object.entries(serves)) {
      const answers = probed.map((instance) => instance.answers[question])
      expect(answers, question).toContainEqual({ status: 200, body })
    }
    for (const { answers, plugins } of probed) {
      expect(answers[health]).toMatchObject({ status: 404 })
      expect(plugins).not.toContain('audit-log')
    }
  })
})
