import { u as w } from '@/u/index.js'
