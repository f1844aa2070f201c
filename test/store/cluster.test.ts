import { type RedisCluster, startRedisCluster } from '../helpers/redis-cluster.ts'
import { watchedStore } from '../helpers/redis-store.ts'
import { storeContract } from './contract.ts'

let cluster: RedisCluster
beforeAll(async () => {
  cluster = await startRedisCluster()
})
afterAll(() => cluster?.stop())

storeContract('Redis Cluster', async () => (await watchedStore({ nodes: cluster.nodes })).store)
