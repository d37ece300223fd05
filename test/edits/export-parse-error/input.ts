export * fro './a.ts'
