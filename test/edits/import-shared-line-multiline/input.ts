import a from 'a'; foo(
  1,
);
bar();
