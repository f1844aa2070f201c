/** Loaded into the server before its own code: tells over IPC how much memory is in use once all garbage is gone. */
process.on('message', (message) => {
  if (message !== 'measure memory') return
  globalThis.gc()
  const { heapUsed, rss } = process.memoryUsage()
  process.send({ heapUsed, rss })
})
