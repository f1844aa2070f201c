import { createRedisStore } from '../../src/store/redis/redis-store.ts'
import { freshPrefix } from '../helpers/server.ts'
import { storeContract } from './contract.ts'

storeContract('Redis', () =>
  createRedisStore({
    url: process.env.TEST_REDIS_URL as string,
    keyPrefix: freshPrefix(),
    onError: (error) => {
      throw error
    },
  }),
)
