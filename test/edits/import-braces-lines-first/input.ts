import {
	b,
	x
} from './u.ts'
