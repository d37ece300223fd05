import { a, // first
 b // second
} from './u.js'
