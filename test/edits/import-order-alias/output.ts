import fs from 'node:fs'
import x from '@/x'
import z from './z.ts'
