import {a,b} from './u.js'
