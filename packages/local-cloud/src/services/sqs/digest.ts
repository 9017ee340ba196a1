import { hash } from 'node:crypto';
import { ServiceError } from '../service.ts';
import { invalidValue } from './errors.ts';
import type { MessageAttribute } from './message.ts';

/** Allowed characters: #x9 | #xA | #xD | #x20–#xD7FF | #xE000–#xFFFD | #x10000–#x10FFFF. Source: SendMessage reference. */
const ALLOWED = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;

const TYPE = /^(String|Number|Binary)(\..+)?$/;

export const bodyDigest = (body: string): string => hash('md5', body);

/** The MD5 that SDKs verify attributes with: sorted by name, with each name, type and value preceded by its length. */
export function attributesDigest(attributes: Readonly<Record<string, MessageAttribute>>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const parts: Buffer[] = [];
  const field = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    parts.push(length, bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    field(Buffer.from(name));
    field(Buffer.from(attribute.DataType));
    const binary = attribute.BinaryValue !== undefined;
    parts.push(Buffer.from([binary ? 2 : 1]));
    field(binary ? Buffer.from(attribute.BinaryValue ?? '', 'base64') : Buffer.from(attribute.StringValue ?? ''));
  }
  return hash('md5', Buffer.concat(parts));
}

/** The size of a message in bytes: its body plus its attributes' names, types and values. */
export function messageBytes(body: string, attributes: Readonly<Record<string, MessageAttribute>>): number {
  let size = Buffer.byteLength(body);
  for (const [name, attribute] of Object.entries(attributes)) {
    size += Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType);
    size += Buffer.byteLength(attribute.StringValue ?? '') + Buffer.byteLength(attribute.BinaryValue ?? '', 'base64');
  }
  return size;
}

/** Throws the error that SQS returns for an invalid body or attribute. */
export function checkContent(body: string, attributes: Readonly<Record<string, MessageAttribute>>): void {
  if (body === '') throw new ServiceError('MissingParameter', 'The request must contain the parameter MessageBody.');
  if (!ALLOWED.test(body)) {
    throw new ServiceError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.',
    );
  }
  if (Object.keys(attributes).length > 10)
    throw invalidValue('MessageAttributes', 'A message can have at most 10 attributes.');
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    if (!/^[\w.-]{1,256}$/.test(name) || /^(aws|amazon)\.|^\.|\.$|\.\./i.test(name)) {
      throw invalidValue('MessageAttributes', `The attribute name ${name} is not allowed.`);
    }
    const type = TYPE.exec(DataType)?.[1];
    const value = type === 'Binary' ? BinaryValue : StringValue;
    if (type === undefined || DataType.length > 256 || value === undefined || value === '') {
      throw invalidValue(
        'MessageAttributes',
        `The attribute ${name} must have the DataType String, Number or Binary and a value of that type.`,
      );
    }
    if (type === 'Number' && !NUMBER.test(value)) {
      throw invalidValue('MessageAttributes', `Can't cast the value of the attribute ${name} to a number.`);
    }
    if (type === 'String' && !ALLOWED.test(value)) {
      throw invalidValue(
        'MessageAttributes',
        `The value of the attribute ${name} has characters that are not allowed.`,
      );
    }
  }
}
