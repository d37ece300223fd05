import a from 'a'; foo();
bar();
