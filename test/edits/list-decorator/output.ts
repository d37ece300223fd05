@Module({
  imports: [A, B, C],
  providers: [],
})
export class AppModule {}
