@Module({
  imports: [A, B],
  providers: [],
})
export class AppModule {}
