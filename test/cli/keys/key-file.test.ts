import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@agent-fleet/local-cloud/testing/serve';
import { expect, it } from 'vitest';
import { keyIn } from '#cli/global/share-key.ts';
import { readKeyFile } from '#cli/keys/key-file.ts';

it('regions get a new key where the file is missing or empty, and keep one that is there', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'api-key');
  expect(readKeyFile(file)).toBeNull();
  writeFileSync(file, '\n');
  const key = keyIn(folder);
  expect(key).toMatch(/^flk_[\w-]{43}$/);
  expect(readFileSync(file, 'utf8')).toBe(`${key}\n`);
  expect(keyIn(folder)).toBe(key);
  expect(keyIn(join(folder, 'other'))).not.toBe(key);
  expect(statSync(join(folder, 'other/api-key')).mode & 0o777).toBe(0o600);
});

it.each(['nonsense', 'flk_', 'flk_with a space in it, and long enough', '\0'.repeat(47)])(
  'a file with %j stops the start, which would else reject every request',
  (text) => {
    const folder = temporaryFolder();
    const file = join(folder, 'api-key');
    writeFileSync(file, text);
    expect(() => keyIn(folder)).toThrow(`${file} holds no API key`);
  },
);
