import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { uuid } from '../../db/json-types.ts'
import { toJson } from '../../db/json-values.ts'
import { pageLinks } from '../../db/list-links.ts'
import { NotFoundError } from '../../http/app-error.ts'
import { problems } from '../../http/problem.ts'
import { specimenRepository } from './specimen.repository.ts'
import {
  Specimen,
  SpecimenCreate,
  SpecimenPage,
  SpecimenQuery,
  SpecimenRef,
  SpecimenUpdate,
} from './specimen.schema.ts'

const path = '/specimens'
const tags = ['specimens']
const params = Type.Object({ id: uuid() })
const missing = 'There is no such specimen.'

/** What the plugins of these words act on. */
const policy = { access: 'authenticated', rateLimit: 'standard' } as const
const read = { ...policy, cache: { ttl: 60, tags } }
const write = { ...policy, cache: { invalidates: tags } }

const operations = {
  list: {
    operationId: 'listSpecimens',
    summary: 'List specimens',
    tags,
    querystring: SpecimenQuery,
    response: { 200: SpecimenPage, ...problems(422) },
  },
  create: {
    operationId: 'createSpecimen',
    summary: 'Create a specimen',
    tags,
    body: SpecimenCreate,
    response: { 201: SpecimenRef, ...problems(409, 422) },
  },
  get: {
    operationId: 'getSpecimen',
    summary: 'Get a specimen',
    tags,
    params,
    response: { 200: SpecimenRef, ...problems(404, 422) },
  },
  update: {
    operationId: 'updateSpecimen',
    summary: 'Change parts of a specimen',
    tags,
    params,
    body: SpecimenUpdate,
    response: { 200: SpecimenRef, ...problems(404, 409, 422) },
  },
  replace: {
    operationId: 'replaceSpecimen',
    summary: 'Replace a specimen',
    tags,
    params,
    body: SpecimenCreate,
    response: { 200: SpecimenRef, ...problems(404, 409, 422) },
  },
  remove: {
    operationId: 'deleteSpecimen',
    summary: 'Delete a specimen',
    tags,
    params,
    response: { 204: Type.Null(), ...problems(404, 422) },
  },
}

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const repository = specimenRepository(app.db)
  app.addSchema(Specimen)

  app.get(path, { config: read, schema: operations.list }, async (request, reply) => {
    const { rows, ...page } = await repository.list(request.query)
    reply.header('link', pageLinks(request.url, page.next))
    return { data: rows.map(toJson), page }
  })

  app.post(path, { config: write, schema: operations.create }, async (request, reply) => {
    const row = await repository.create(request.body)
    reply.code(201).header('location', `${app.prefix}${path}/${row.id}`)
    return toJson(row)
  })

  app.get(`${path}/:id`, { config: read, schema: operations.get }, async (request) => {
    const row = await repository.get(request.params.id)
    if (!row) throw new NotFoundError(missing)
    return toJson(row)
  })

  app.patch(`${path}/:id`, { config: write, schema: operations.update }, async (request) => {
    const row = await repository.update(request.params.id, request.body)
    if (!row) throw new NotFoundError(missing)
    return toJson(row)
  })

  app.put(`${path}/:id`, { config: write, schema: operations.replace }, async (request) => {
    const row = await repository.replace(request.params.id, request.body)
    if (!row) throw new NotFoundError(missing)
    return toJson(row)
  })

  app.delete(
    `${path}/:id`,
    { config: write, schema: operations.remove },
    async (request, reply) => {
      if (!(await repository.remove(request.params.id))) throw new NotFoundError(missing)
      return reply.code(204).send(null)
    },
  )
}

export default routes
