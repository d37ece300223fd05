import { k, u } from './k.ts'
k()

import a from './a.ts'
import z from './z.ts'
