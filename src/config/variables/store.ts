import { addresses, boolean, certificates, integer, redisUrl, text } from '../parsers.ts'
import { variable } from './variable.ts'

/** Where the store is. */
export const storeVariables = {
  REDIS_URL: variable({
    section: 'Store',
    parse: redisUrl,
    fallback: undefined,
    example: 'redis://localhost:6379',
    secret: true,
    doc: 'redis:// or rediss:// address. Unset, with REDIS_SENTINELS and REDIS_CLUSTER_NODES unset too: everything is kept in memory and lost on restart. Production needs one of the three.',
  }),
  REDIS_SENTINELS: variable({
    section: 'Store',
    parse: addresses,
    fallback: undefined,
    example: 'sentinel-1:26379,sentinel-2:26379,sentinel-3:26379',
    doc: 'Addresses of all Redis Sentinels, parted by commas, that are asked for the master. In place of REDIS_URL.',
  }),
  REDIS_SENTINEL_NAME: variable({
    section: 'Store',
    parse: text,
    fallback: undefined,
    example: 'mymaster',
    doc: 'What the sentinels call the master.',
  }),
  REDIS_SENTINEL_PASSWORD: variable({
    section: 'Store',
    parse: text,
    fallback: undefined,
    secret: true,
    doc: 'Password of the sentinels themselves, where they have one.',
  }),
  REDIS_CLUSTER_NODES: variable({
    section: 'Store',
    parse: addresses,
    fallback: undefined,
    example: 'redis-1:6379,redis-2:6379,redis-3:6379',
    doc: 'Addresses of some nodes of a Redis Cluster, parted by commas; they tell the others. In place of REDIS_URL.',
  }),
  REDIS_USERNAME: variable({
    section: 'Store',
    parse: text,
    fallback: undefined,
    example: 'latchkey',
    doc: 'ACL user, with REDIS_SENTINELS or REDIS_CLUSTER_NODES; REDIS_URL holds its own.',
  }),
  REDIS_PASSWORD: variable({
    section: 'Store',
    parse: text,
    fallback: undefined,
    secret: true,
    doc: 'Password, with REDIS_SENTINELS or REDIS_CLUSTER_NODES; REDIS_URL holds its own.',
  }),
  REDIS_TLS: variable({
    section: 'Store',
    parse: boolean,
    fallback: 'false',
    doc: 'true speaks TLS with sentinels, master and nodes, with REDIS_SENTINELS or REDIS_CLUSTER_NODES. A REDIS_URL says it by rediss://.',
  }),
  REDIS_TLS_CA: variable({
    section: 'Store',
    parse: certificates,
    fallback: undefined,
    doc: 'PEM of the authorities that certificates of Redis must come from; usually by REDIS_TLS_CA_FILE. Default: those that Node trusts.',
  }),
  REDIS_COMMAND_TIMEOUT: variable({
    section: 'Store',
    parse: integer({ min: 100, max: 1900 }),
    fallback: '1500',
    doc: 'Milliseconds to wait for the answer to one command.',
  }),
  REDIS_WAIT_REPLICAS: variable({
    section: 'Store',
    parse: integer({ min: 0, max: 10 }),
    fallback: '0',
    doc: 'How many replicas must confirm a write before what it hands out is handed out; with fewer the answer is 503. 0 does not ask them.',
  }),
  REDIS_KEY_PREFIX: variable({
    section: 'Store',
    parse: text,
    fallback: 'latchkey:',
    doc: 'Stands before every key in Redis.',
  }),
  ALLOW_MEMORY_STORE: variable({
    section: 'Store',
    parse: boolean,
    fallback: 'false',
    doc: 'true lets production run without Redis. One process only, and a restart signs everybody out.',
  }),
}
