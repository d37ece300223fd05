@Module({ imports: [A] })
class X {}

@Module({ imports: [B] })
class Y {}
