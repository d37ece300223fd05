import type { Redis } from 'ioredis'
import { type Entry, type Lease, type Lookup, parse, type StoreOptions } from './store.ts'

/*
 * Each script is one step: nobody gets between what it reads and what it writes. KEYS[1] is the
 * prefix of these keys:
 *
 * - `value:<key>`: a value as JSON, when it was stored (µs), how long it is fresh (ms), and its marks
 * - `lease:<key>`: who may store it, and the marks when that was granted
 * - `tag:<tag>`, `epoch`: marks, which are random texts. What has other marks is void, so that one
 *   write invalidates any number of values. A mark that is missing voids too: Redis may evict
 *   whatever it likes. `epoch` is a mark of every lease
 * - `clock`: when something was last stored; it never goes back, not even after a failover. Also the
 *   run of the server, and its `floor`: that server may have lost invalidations from before
 * - `closed:<session>`: a session whose connection was lost; what it sent may still arrive
 *
 * All of them expire. A Redis Cluster can't run the scripts, because the keys are on several nodes.
 */
const shared = `
local prefix = KEYS[1]
local minute = 60000
local longest = 3000 * minute

local function extend(name, ms)
  if redis.call('PTTL', prefix .. name) < ms then redis.call('PEXPIRE', prefix .. name, ms) end
end

local function micros()
  local time = redis.call('TIME')
  return time[1] * 1000000 + time[2]
end

local function stamp()
  local last = tonumber(redis.call('HGET', prefix .. 'clock', 'last')) or 0
  local now = string.format('%.0f', math.max(micros(), last + 1))
  redis.call('HSET', prefix .. 'clock', 'last', now)
  redis.call('PEXPIRE', prefix .. 'clock', longest)
  return now
end

local function hold(marks)
  for name, mark in pairs(marks) do
    if redis.call('GET', prefix .. name) ~= mark then return false end
  end
  return true
end

local function marksOf(names, new)
  local marks = {}
  for _, name in ipairs(names) do
    redis.call('SET', prefix .. name, new, 'NX', 'PX', minute)
    extend(name, minute)
    marks[name] = redis.call('GET', prefix .. name)
  end
  return marks
end

local function find(key, since)
  local fields = redis.call('HMGET', prefix .. 'value:' .. key, 'json', 'at', 'ttl', 'marks')
  local json, at, ttl, marks = unpack(fields)
  if not json or tonumber(at) <= tonumber(since) then return nil end
  if not hold(cjson.decode(marks)) then return nil end
  return { json, math.max(0, micros() - at) / 1000, tonumber(ttl), marks }
end

local function store(key, json, ttl, grace, marks)
  local life = ttl + grace
  local name = prefix .. 'value:' .. key
  redis.call('HSET', name, 'json', json, 'at', stamp(), 'ttl', ttl, 'marks', cjson.encode(marks))
  redis.call('PEXPIRE', name, life)
  for mark in pairs(marks) do extend(mark, life) end
  redis.call('UNLINK', prefix .. 'lease:' .. key)
end

local function lend(key, kind, token, names)
  local lease = { token = token, kind = kind, marks = marksOf(names, token) }
  redis.call('SET', prefix .. 'lease:' .. key, cjson.encode(lease), 'PX', 2000)
end

local function leaseOf(key)
  local text = redis.call('GET', prefix .. 'lease:' .. key)
  local lease = text and cjson.decode(text)
  return lease and hold(lease.marks) and lease or nil
end

local function isLate(token)
  return redis.call('EXISTS', prefix .. 'closed:' .. string.match(token, '^%w+')) == 1
end

local function announce(message) redis.call('PUBLISH', prefix .. 'invalidations', message) end
`

const scripts = {
  /** The lost session → [now, floor] */
  cacheArrive: `
local now = stamp()
if ARGV[1] ~= '' then redis.call('SET', prefix .. 'closed:' .. ARGV[1], '', 'PX', 60 * minute) end
local info = redis.pcall('INFO', 'server')
local run = type(info) == 'string' and string.match(info, 'run_id:(%x+)') or ''
if redis.call('HGET', prefix .. 'clock', 'run') ~= run then
  redis.call('HSET', prefix .. 'clock', 'run', run, 'floor', now)
  redis.call('UNLINK', prefix .. 'epoch')
end
return { now, redis.call('HGET', prefix .. 'clock', 'floor') }`,

  /** Key, token of a new lease, age from which to refresh or '', since, marks → `Answer` */
  cacheGet: `
local key, token, refreshAfter, since = unpack(ARGV)
local found = find(key, since)
local function answer(state, holder) return { state, holder, unpack(found or {}) } end
local isFresh = found and found[2] < found[3]
if isFresh and found[2] < (tonumber(refreshAfter) or found[3]) then return answer('fresh', '') end
local lease = leaseOf(key)
if lease then
  if isFresh then return answer('fresh', '') end
  return answer(lease.kind == 'write' and 'written' or 'awaited', lease.token)
end
lend(key, 'fetch', token, { unpack(ARGV, 5) })
return answer(isFresh and 'fresh' or 'missing', token)`,

  /** Key, token of the lease, JSON, ttl, grace → 1 if it was stored */
  cacheSet: `
local key, token, json, ttl, grace = unpack(ARGV)
local lease = leaseOf(key)
if not lease or lease.token ~= token or isLate(token) then return 0 end
lease.marks.epoch = nil
store(key, json, ttl, grace, lease.marks)
return 1`,

  /** Key, token, 'extend' or 'release' */
  cacheHold: `
local key, token, action = unpack(ARGV)
local lease = leaseOf(key)
if not lease or lease.token ~= token then return end
if action == 'release' then redis.call('UNLINK', prefix .. 'lease:' .. key) return end
redis.call('PEXPIRE', prefix .. 'lease:' .. key, 2000)
for mark in pairs(lease.marks) do extend(mark, minute) end`,

  /** Message, key, token, marks */
  cacheStartWrite: `
local message, key, token = unpack(ARGV)
redis.call('UNLINK', prefix .. 'value:' .. key)
lend(key, 'write', token, { unpack(ARGV, 4) })
announce(message)`,

  /** Since, keys → [JSON, age, ttl] of each */
  cacheGetMany: `
local entries = {}
for index = 2, #ARGV do
  local found = find(ARGV[index], ARGV[1])
  entries[index - 1] = found and found[2] < found[3] and found or false
end
return entries`,

  /** Message, token, ttl, grace, number of marks, marks, pairs of a key and JSON */
  cacheSetMany: `
local message, token, ttl, grace, count = unpack(ARGV)
if isLate(token) then return end
local marks = marksOf({ unpack(ARGV, 6, 5 + count) }, token)
for index = 6 + count, #ARGV, 2 do
  store(ARGV[index], ARGV[index + 1], ttl, grace, marks)
end
announce(message)`,

  /** Message, names of values, leases or tags */
  cacheRemove: `
for index = 2, #ARGV do redis.call('UNLINK', prefix .. ARGV[index]) end
announce(ARGV[1])`,

  /** Message, cursor, pattern of whole names, how many to look at → [next cursor, removed] */
  cacheSweep: `
local message, cursor, pattern, count = unpack(ARGV)
if cursor == '0' then redis.call('UNLINK', prefix .. 'epoch') end
local removed = 0
local page = redis.call('SCAN', cursor, 'MATCH', pattern, 'COUNT', count)
for _, name in ipairs(page[2]) do removed = removed + redis.call('UNLINK', name) end
-- Not before: a memory could take up again what is still to be removed.
if page[1] == '0' then announce(message) end
return { page[1], removed }`,
}

/** JSON, age (ms), time to live (ms), marks. */
type Found = [json: string, ageMs: number, ttlMs: number, marks: string]

type Answer = [
  state: 'fresh' | 'missing' | 'awaited' | 'written',
  token: string,
  ...found: Found | [],
]

type Script<Reply = unknown> = (prefix: '', ...args: (string | number)[]) => Promise<Reply>

declare module 'ioredis' {
  interface Redis {
    cacheArrive: Script<[now: string, floor: string]>
    cacheGet: Script<Answer>
    cacheSet: Script<number>
    cacheHold: Script
    cacheStartWrite: Script
    cacheGetMany: Script<(Found | null)[]>
    cacheSetMany: Script
    cacheRemove: Script
    cacheSweep: Script<[cursor: string, removed: number]>
  }
}

/** Adds the scripts of the cache to a client. */
export function defineCacheScripts(redis: Redis): void {
  for (const [name, body] of Object.entries(scripts)) {
    redis.defineCommand(name, { numberOfKeys: 1, lua: shared + body })
  }
}

/** What all processes forget. */
export interface Invalidation {
  readonly keys?: readonly string[]
  readonly tags?: readonly string[]
  readonly pattern?: string
}

export interface RedisEntry extends Entry {
  readonly json: string
  readonly tags: readonly string[]
}

/** What Redis knows of a key. */
export type RedisLookup =
  | { readonly state: 'fresh'; readonly entry: RedisEntry; readonly lease?: Lease }
  | Exclude<Lookup, { state: 'fresh' }>

/** What is published when something is invalidated. */
export function message(what: Invalidation): string {
  return JSON.stringify(what)
}

export const tagMark = (tag: string) => `tag:${tag}`

/** The marks of a lease. */
export function leaseMarks(tags: readonly string[]): string[] {
  return ['epoch', ...tags.map(tagMark)]
}

/** Whole milliseconds, for Redis. */
export function lifetime({ ttlMs, graceMs }: StoreOptions): [ttlMs: number, graceMs: number] {
  return [Math.ceil(ttlMs), Math.ceil(graceMs)]
}

export function entryOf([json, ageMs, ttlMs, marks]: Found): RedisEntry {
  const tags = Object.keys(JSON.parse(marks)).map((mark) => mark.slice(tagMark('').length))
  return { value: parse(json), ageMs, ttlMs, json, tags }
}
