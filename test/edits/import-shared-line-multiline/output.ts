import a from 'a'; foo(
  1,
);
import u from './u.ts';
bar();
