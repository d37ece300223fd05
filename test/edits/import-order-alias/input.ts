import fs from 'node:fs'
import z from './z.ts'
