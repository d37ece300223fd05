import b from 'b' // keep
