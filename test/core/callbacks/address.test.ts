import { describe, expect, it } from 'vitest';
import { mayCall, reachOf } from '#core/callbacks/address.ts';

describe('an address that callbacks may reach', () => {
  it.each([
    '93.184.215.14',
    '8.8.8.8',
    '2606:4700:4700::1111',
    '2a00:1450:4001:82a::200e',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
  ])('%s: always', (address) => expect(reachOf(address)).toBe('public'));

  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.255.255',
    '::1',
    'fc00::1',
    'fd12:3456::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:192.168.1.1',
    '64:ff9b::10.0.0.1',
  ])('%s: only in development', (address) => {
    expect(mayCall(address, { privateAddresses: false })).toBe(false);
    expect(mayCall(address, { privateAddresses: true })).toBe(true);
  });

  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd00:0ec2:0:0:0:0:0:23',
    'fd20:ce::254',
    'fd00:c1::a9fe:a9fe',
    'fd00:42::42',
    '169.254.170.23',
    '::ffff:100.100.100.200',
    '64:ff9b::168.63.129.16',
    '100.100.100.200',
    '168.63.129.16',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    '0.0.0.0',
    '0.1.2.3',
    '::',
    '224.0.0.1',
    '239.255.255.255',
    'ff02::1',
    '255.255.255.255',
    '240.0.0.1',
    '192.0.0.192',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '192.88.99.1',
    '2001:db8::1',
    '2001::1',
    '2002:7f00:1::1',
    '2002:a9fe:a9fe::1',
    '::7f00:1',
    '::127.0.0.1',
    '64:ff9b:1::1',
    '100::1',
    '4000::1',
    '5f00::1',
    'example.com',
    '',
  ])('%s: never, not even in development', (address) => {
    expect(mayCall(address, { privateAddresses: true })).toBe(false);
  });
});
