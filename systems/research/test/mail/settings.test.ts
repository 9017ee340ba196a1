import { expect, it } from 'vitest';
import { plainIssue } from '#core/parse/plain-message.ts';
import { mailSettings } from '../../mail/settings.ts';

it('recipients are enough', () => {
  expect(mailSettings.parse({ to: ['ada@example.com'] })).toEqual({
    to: ['ada@example.com'],
    createIdentity: false,
  });
});

it.each([
  [{ to: ['ada@example.com', 'bob'] }, 'to.1 is no e-mail address: "bob". Write it as ada@example.com, or remove it'],
  [{ to: ['ada@example.com', 'Ada@Example.com'] }, 'to.1 repeats to.0. Remove it'],
  [{ to: ['a@example.com,b@example.com'] }, 'to.0 is no e-mail address'],
  [{ to: ['a@example.com\r\nBcc: b@example.com'] }, 'to.0 is no e-mail address'],
  [{ to: [] }, 'to must not be empty'],
  [
    { to: Array.from({ length: 51 }, (_, at) => `a${at}@example.com`) },
    'to must have at most 50 addresses. Use the address of a mailing list',
  ],
  [{ to: ['a@example.com'], from: 'Brief' }, 'from must be an address like brief@example.com'],
  [{ to: ['a@example.com'], from: 'Brief\n<b@example.com>' }, 'from must be an address like brief@example.com'],
  [{ to: ['a@example.com'], createIdentity: true }, 'from is required with an identity'],
  [{ to: ['a@example.com'], zone: 'Berlin' }, 'zone must be an IANA time zone like Europe/Berlin'],
  [{ to: ['a@example.com'], cc: ['b@example.com'] }, 'has the unknown field cc'],
])('%j is refused', (settings, problem) => {
  const { error } = mailSettings.safeParse(settings);
  expect(error?.issues.map(plainIssue).join('; ')).toContain(problem);
});
