import b from 'b'; // keep
foo();
