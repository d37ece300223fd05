import a from 'a'
<<<<<<< ours
import b from 'b'
=======
import c from 'c'
>>>>>>> theirs
