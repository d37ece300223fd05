import dotenv from "dotenv";
dotenv.config();

import a from './a.ts'
import z from './z.ts'

foo()
