import { openRedisStore } from '../helpers/redis-store.ts'
import { freshPrefix } from '../helpers/server.ts'
import { storeContract } from './contract.ts'

storeContract('Redis', () => openRedisStore({ url: process.env.TEST_REDIS_URL as string, keyPrefix: freshPrefix() }))
