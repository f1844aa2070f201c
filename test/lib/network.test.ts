import { networkOf } from '../../src/lib/network.ts'

describe('the network of an address', () => {
  it.each([
    ['an IPv4 address itself', '203.0.113.7', '203.0.113.7'],
    ['an IPv4 address with the port that some proxies add', '203.0.113.7:50123', '203.0.113.7'],
    ['an IPv4 address on a socket for both families', '::ffff:203.0.113.7', '203.0.113.7'],
    ['the same in hexadecimal', '::FFFF:cb00:7107', '203.0.113.7'],
    ['the /64 of an IPv6 address', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['zeros left out in the middle', '2001:db8::1', '2001:db8:0:0::/64'],
    ['zeros left out within the network', '2001:0:0:2:3::', '2001:0:0:2::/64'],
    ['leading zeros and capitals', '2001:0DB8:0001:0002:ffff:FFFF:0:1', '2001:db8:1:2::/64'],
    ['an IPv6 address with a port', '[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
    ['an IPv6 address in brackets', '[2001:db8:1:2::9]', '2001:db8:1:2::/64'],
    ['an address with a zone', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['loopback', '::1', '0:0:0:0::/64'],
    ['nothing', undefined, 'unknown'],
    ['an empty text', '', 'unknown'],
    ['what a proxy hides', '_hidden', 'unknown'],
    ['an address with too many parts', '203.0.113.7.1', 'unknown'],
    ['a text that would end a key early', '203.0.113.7}:x', 'unknown'],
    ['a URL', '[::1]/path', 'unknown'],
  ])('is for %s', (_what, address, network) => expect(networkOf(address)).toBe(network))
})
