import Fastify from 'fastify'
import mine from './u.js'

const app = Fastify()
