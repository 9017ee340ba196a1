import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { webSettings } from '#adapters/web/settings.ts';

const schema = z.object(webSettings);
const WEB_CONTACT = 'https://fleet.example/crawler';

describe('WEB_STAND_IN', () => {
  it('names a server on this machine', () => {
    const parsed = schema.parse({ WEB_CONTACT, WEB_STAND_IN: 'http://127.0.0.1:4480' });
    expect(parsed.WEB_STAND_IN).toEqual({ address: '127.0.0.1', port: 4480 });
    expect(schema.parse({ WEB_CONTACT }).WEB_STAND_IN).toBeUndefined();
  });

  it.each([
    'http://10.0.0.1:4480',
    'http://169.254.169.254:80',
    'https://127.0.0.1:4480',
    'http://127.0.0.1',
    'http://localhost:4480',
    'http://127.0.0.1:4480/path',
    'http://93.184.215.14:4480',
    'http://fd00::1:4480',
    'nonsense',
    '',
  ])('is never %s', (WEB_STAND_IN) => {
    expect(schema.safeParse({ WEB_CONTACT, WEB_STAND_IN }).success).toBe(false);
  });
});

describe('WEB_CONTACT', () => {
  it.each(['https://fleet.example/crawler', 'web@example.com', 'Example Inc. web@example.com'])(
    'may be %s',
    (contact) => {
      expect(schema.parse({ WEB_CONTACT: contact }).WEB_CONTACT).toBe(contact);
    },
  );

  it.each(['', 'nobody', 'http://fleet.example', 'web@example.com\r\nx-evil: 1', 'https://fleet.example/\r\nx: y'])(
    'is never %j',
    (contact) => {
      expect(schema.safeParse({ WEB_CONTACT: contact }).success).toBe(false);
    },
  );
});
