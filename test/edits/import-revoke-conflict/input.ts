<<<<<<< a
import u from './u.ts'
=======
>>>>>>> b
