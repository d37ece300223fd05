export default {
  plugins: [A],
} satisfies Config
