// Runs a module and says at the very end how much memory its process had at most, in kilobytes.
import { pathToFileURL } from 'node:url'

process.argv.splice(1, 1)
await import(pathToFileURL(process.argv[1]))
// Listened to last: what the program itself does at its end counts too.
process.once('exit', () => process.stderr.write(`peak ${process.resourceUsage().maxRSS}\n`))
