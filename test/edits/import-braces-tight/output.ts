import {a,b, c} from './u.js'
