import { isLoopbackAddress, isLoopbackHost, isPublicAddress } from '../../src/lib/public-address.ts'

describe('public addresses', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.167.255.255',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:80b::200e',
    '2001:4860:4860::8888',
    // A network without IPv4 shows public IPv4 addresses like this (RFC 6052 §2.1).
    '64:ff9b::8.8.8.8',
    '64:ff9b::808:808',
  ])('%s is one', (address) => expect(isPublicAddress(address)).toBe(true))

  it.each([
    ['this network', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['a cloud’s metadata behind it', '100.100.100.200'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['link-local, a cloud’s metadata', '169.254.169.254'],
    ['a cloud’s platform services', '168.63.129.16'],
    ['protocol assignments', '192.0.0.192'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['benchmarks', '198.19.255.255'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['unique-local', 'fc00::1'],
    ['unique-local, a cloud’s metadata', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['link-local with its zone', 'fe80::1%lo'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['segment routing', '5f00::1'],
    ['discard', '100::1'],
    ['loopback, mapped', '::ffff:127.0.0.1'],
    ['loopback, mapped and in hexadecimal', '::ffff:7f00:1'],
    ['private, mapped', '::ffff:10.0.0.1'],
    ['private, compatible', '::10.0.0.1'],
    ['link-local by NAT64', '64:ff9b::169.254.169.254'],
    ['private by NAT64', '64:ff9b::a00:1'],
    ['a NAT64 prefix of the local network', '64:ff9b:1::a00:1'],
    ['loopback by 6to4', '2002:7f00:1::'],
    ['private by 6to4', '2002:a00:1::1'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['no address at all', 'localhost'],
    ['nothing', ''],
  ])('%s is none: %s', (_what, address) => expect(isPublicAddress(address)).toBe(false))

  it('tells addresses and names of this machine', () => {
    expect(['127.0.0.1', '127.8.8.8', '::1'].every(isLoopbackAddress)).toBe(true)
    expect(['128.0.0.1', '::2', '::ffff:127.0.0.1', 'localhost', '10.0.0.1'].some(isLoopbackAddress)).toBe(false)
    expect(['localhost', '127.0.0.1', '[::1]'].every(isLoopbackHost)).toBe(true)
    expect(['127.0.0.2', 'localhost.', 'localhost.evil.example', '[::]'].some(isLoopbackHost)).toBe(false)
  })
})
