import fs from 'node:fs'
import fastify from 'fastify'
