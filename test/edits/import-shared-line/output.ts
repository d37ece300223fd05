import a from 'a'; foo();
import u from './u.ts';
bar();
