import './setup.ts'
