import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Credentials } from './gateway/principals.ts';

/** The profile in the credentials file. */
export const PROFILE = 'agent-fleet';

/**
 * Reads the access key of the machine's own user from a credentials file of the AWS CLI, or writes a random one. Only this
 * user can read the file.
 * @param region the region of its profile, if it is written
 */
export function ensureAccessKey(file: string, region = 'us-east-1'): Credentials {
  const known = readAccessKey(file);
  if (known !== undefined) {
    chmodSync(file, 0o600);
    return known;
  }
  const credentials = {
    // `AKIA` starts a long-lived key.
    accessKeyId: `AKIA${randomBytes(10).toString('hex').toUpperCase().slice(0, 16)}`,
    secretAccessKey: randomBytes(30).toString('base64'),
  };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const lines = [
    `[${PROFILE}]`,
    `aws_access_key_id = ${credentials.accessKeyId}`,
    `aws_secret_access_key = ${credentials.secretAccessKey}`,
    `region = ${region}`,
  ];
  writeFileSync(`${file}.new`, `${lines.join('\n')}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return credentials;
}

function readAccessKey(file: string): Credentials | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  const accessKeyId = /^aws_access_key_id *= *(\S+)$/m.exec(text)?.[1];
  const secretAccessKey = /^aws_secret_access_key *= *(\S+)$/m.exec(text)?.[1];
  return accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey };
}
