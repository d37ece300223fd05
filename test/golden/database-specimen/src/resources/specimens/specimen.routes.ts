import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { refer, toJson, uuid } from '../../db/json-types.ts'
import { pageLinks, pageOf } from '../../db/list.ts'
import { NotFoundError } from '../../http/app-error.ts'
import { problems } from '../../http/problem.ts'
import { specimenRepository } from './specimen.repository.ts'
import { Specimen, SpecimenCreate, SpecimenQuery, SpecimenUpdate } from './specimen.schema.ts'

const tags = ['specimens']
const byId = { tags, params: Type.Object({ id: uuid() }) }
const reference = refer(Specimen)
// Every route has the standard rate limit, unless its config sets `rateLimit`.
const read = { access: { permission: 'specimens:read' }, cache: { ttl: 60, tags } }
const write = { access: { permission: 'specimens:write' }, cache: { invalidates: tags } }

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const repository = specimenRepository(app.db)
  app.addSchema(Specimen)

  app.route({
    method: 'GET',
    url: '',
    config: read,
    schema: {
      operationId: 'listSpecimens',
      summary: 'List specimens',
      tags,
      querystring: SpecimenQuery,
      response: { 200: pageOf(reference), ...problems(422) },
    },
    handler: async (request, reply) => {
      const { rows, ...page } = await repository.list(request.query)
      reply.header('link', pageLinks(request.url, page.next))
      return { data: rows.map(toJson), page }
    },
  })

  app.route({
    method: 'POST',
    url: '',
    config: write,
    schema: {
      operationId: 'createSpecimen',
      summary: 'Create a specimen',
      tags,
      body: SpecimenCreate,
      response: { 201: reference, ...problems(409, 422) },
    },
    handler: async (request, reply) => {
      const row = await repository.create(request.body)
      reply.code(201).header('location', `${app.prefix}/${row.id}`)
      return toJson(row)
    },
  })

  app.route({
    method: 'GET',
    url: '/:id',
    config: read,
    schema: {
      ...byId,
      operationId: 'getSpecimen',
      summary: 'Get a specimen',
      response: { 200: reference, ...problems(404, 422) },
    },
    handler: async ({ params: { id } }) => toJson(found(await repository.get(id))),
  })

  app.route({
    method: 'PATCH',
    url: '/:id',
    config: write,
    schema: {
      ...byId,
      operationId: 'updateSpecimen',
      summary: 'Update a specimen',
      body: SpecimenUpdate,
      response: { 200: reference, ...problems(404, 409, 422) },
    },
    handler: async ({ params: { id }, body }) => toJson(found(await repository.update(id, body))),
  })

  app.route({
    method: 'PUT',
    url: '/:id',
    config: write,
    schema: {
      ...byId,
      operationId: 'replaceSpecimen',
      summary: 'Replace a specimen',
      body: SpecimenCreate,
      response: { 200: reference, ...problems(404, 409, 422) },
    },
    handler: async ({ params: { id }, body }) => toJson(found(await repository.replace(id, body))),
  })

  app.route({
    method: 'DELETE',
    url: '/:id',
    config: write,
    schema: {
      ...byId,
      operationId: 'deleteSpecimen',
      summary: 'Delete a specimen',
      response: { 204: Type.Null(), ...problems(404, 422) },
    },
    handler: async ({ params: { id } }, reply) => {
      found(await repository.remove(id))
      return reply.code(204).send(null)
    },
  })
}

export default routes

function found<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new NotFoundError('Specimen not found.')
  return row
}
