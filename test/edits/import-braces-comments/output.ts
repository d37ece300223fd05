import { a, // first
 b // second
} from './u.js'
import { c } from './u.js'
