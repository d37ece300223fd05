export default {
  plugins: [A, C],
} satisfies Config
