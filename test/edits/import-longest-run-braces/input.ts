import { k } from './k.ts'
k()

import a from './a.ts'
import z from './z.ts'
