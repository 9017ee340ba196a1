import { crc32 } from 'node:zlib';

/** A message of `application/vnd.amazon.eventstream` (AWS: "Event stream encoding") with text headers and a JSON body. */
export function eventStreamMessage(headers: Readonly<Record<string, string>>, body: object): Buffer {
  const encoded = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  const payload = Buffer.from(JSON.stringify(body));
  const prelude = Buffer.alloc(8);
  // Both checksums and both lengths: 16 bytes.
  prelude.writeUInt32BE(encoded.length + payload.length + 16, 0);
  prelude.writeUInt32BE(encoded.length, 4);
  const checked = Buffer.concat([prelude, checksum(prelude), encoded, payload]);
  return Buffer.concat([checked, checksum(checked)]);
}

/** The type of a header whose value is text. */
const TEXT = 7;

function header(name: string, value: string): Buffer {
  const [key, text] = [Buffer.from(name), Buffer.from(value)];
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([Buffer.from([key.length]), key, Buffer.from([TEXT]), length, text]);
}

function checksum(data: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(data));
  return sum;
}
