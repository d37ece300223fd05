@Module({ imports: [C] })
export class AppModule {}
