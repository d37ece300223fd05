@Module({ imports: [] })
export class AppModule {}
